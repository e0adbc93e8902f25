"""Another eps.

Fails: is the layer norm of X + Y, over the numbers of each step
Fails: gradients are right, for inputs and weights
"""


class AddNorm(nn.Module):
    def __init__(self, norm_shape, dropout=0):
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.ln = nn.LayerNorm(norm_shape, eps=1e-12)

    def forward(self, X, Y):
        return self.ln(X + self.dropout(Y))
