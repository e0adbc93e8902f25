"""Dropout falls on X.

Fails: dropout falls on Y, in training mode only, and on nothing else
Says: where Y is zero
"""


class AddNorm(nn.Module):
    def __init__(self, norm_shape, dropout=0):
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.ln = nn.LayerNorm(norm_shape)

    def forward(self, X, Y):
        return self.ln(self.dropout(X) + Y)
