"""Y first, other names."""


class AddNorm(nn.Module):
    def __init__(self, norm_shape, dropout=0):
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.norm = nn.LayerNorm(norm_shape)

    def forward(self, X, Y):
        return self.norm(self.dropout(Y) + X)
