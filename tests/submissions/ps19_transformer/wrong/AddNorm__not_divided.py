"""What is left is not divided by 1 - dropout.

Fails: dropout falls on Y, in training mode only, and on nothing else
Says: gives what no dropout of Y gives
"""


class AddNorm(nn.Module):
    def __init__(self, norm_shape, dropout=0):
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.ln = nn.LayerNorm(norm_shape)

    def forward(self, X, Y):
        return self.ln(X + (Y * (torch.rand_like(Y) >= self.dropout.p) if self.training else Y))
