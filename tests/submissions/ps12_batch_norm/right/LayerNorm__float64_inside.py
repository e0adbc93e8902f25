"""Computes in float64 and goes back to the dtype of the input."""

class LayerNorm(nn.Module):
    def __init__(self, shape, eps=1e-5):
        super().__init__()
        shape = (shape,) if isinstance(shape, int) else tuple(shape)
        self.shape, self.eps = shape, eps
        self.gamma = nn.Parameter(torch.ones(shape))
        self.beta = nn.Parameter(torch.zeros(shape))

    def forward(self, X):
        Z = X.double()
        dims = list(range(X.ndim - len(self.shape), X.ndim))
        mean = Z.mean(dims, keepdim=True)
        std = torch.sqrt(Z.var(dims, unbiased=False, keepdim=True) + self.eps)
        return (self.gamma * ((Z - mean) / std) + self.beta).to(X.dtype)
