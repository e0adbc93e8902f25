"""The norm written out."""


class AddNorm(nn.Module):
    def __init__(self, norm_shape, dropout=0):
        super().__init__()
        self.shape = (norm_shape,) if isinstance(norm_shape, int) else tuple(norm_shape)
        self.dropout = nn.Dropout(dropout)
        self.gamma = nn.Parameter(torch.ones(self.shape))
        self.beta = nn.Parameter(torch.zeros(self.shape))

    def forward(self, X, Y):
        S = X + self.dropout(Y)
        dims = tuple(range(-len(self.shape), 0))
        mean, var = S.mean(dims, keepdim=True), S.var(dims, unbiased=False, keepdim=True)
        return self.gamma * (S - mean) / torch.sqrt(var + 1e-5) + self.beta
