"""Subtracts the mean from the caller's X in place.

Fails: a constant sample has finite gradients
Fails: leaves its input unchanged
"""

class LayerNorm(nn.Module):
    def __init__(self, shape, eps=1e-5):
        super().__init__()
        shape = (shape,) if isinstance(shape, int) else tuple(shape)
        self.shape, self.eps = shape, eps
        self.gamma = nn.Parameter(torch.ones(shape))
        self.beta = nn.Parameter(torch.zeros(shape))

    def forward(self, X):
        dims = tuple(range(-len(self.shape), 0))
        X -= X.mean(dims, keepdim=True)
        var = (X**2).mean(dims, keepdim=True)
        return self.gamma * X / torch.sqrt(var + self.eps) + self.beta
