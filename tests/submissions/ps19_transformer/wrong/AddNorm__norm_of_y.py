"""Y is normalised, and X added.

Fails: is the layer norm of X + Y, over the numbers of each step
Fails: dropout falls on Y, in training mode only, and on nothing else
Says: Y is normalised before X is added
"""


class AddNorm(nn.Module):
    def __init__(self, norm_shape, dropout=0):
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.ln = nn.LayerNorm(norm_shape)

    def forward(self, X, Y):
        return X + self.ln(self.dropout(Y))
