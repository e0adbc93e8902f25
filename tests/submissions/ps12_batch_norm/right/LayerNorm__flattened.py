"""Flattens the last dimensions, normalises rows, and goes back."""

class LayerNorm(nn.Module):
    def __init__(self, shape, eps=1e-5):
        super().__init__()
        shape = (shape,) if isinstance(shape, int) else tuple(shape)
        self.shape, self.eps = shape, eps
        self.gamma = nn.Parameter(torch.ones(shape))
        self.beta = nn.Parameter(torch.zeros(shape))

    def forward(self, X):
        before = X.shape[: X.ndim - len(self.shape)]
        rows = X.reshape(*before, -1)
        mu = rows.sum(-1, keepdim=True) / rows.shape[-1]
        sigma2 = (rows - mu).square().sum(-1, keepdim=True) / rows.shape[-1]
        return ((rows - mu) * torch.rsqrt(sigma2 + self.eps)).reshape(X.shape) * self.gamma + self.beta
