"""norm_shape is cut to its last number.

Fails: norm_shape may be a tuple: then the norm is over that many dimensions
"""


class AddNorm(nn.Module):
    def __init__(self, norm_shape, dropout=0):
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.ln = nn.LayerNorm(norm_shape if isinstance(norm_shape, int) else norm_shape[-1])

    def forward(self, X, Y):
        return self.ln(X + self.dropout(Y))
