"""Layers of one shape share gamma and beta.

Fails: gives the same when it is called again, and shares nothing with a second object
"""

_parameters = {}


class LayerNorm(nn.Module):
    def __init__(self, shape, eps=1e-5):
        super().__init__()
        shape = (shape,) if isinstance(shape, int) else tuple(shape)
        self.dims, self.eps = tuple(range(-len(shape), 0)), eps
        self.gamma = _parameters.setdefault((shape, 1), nn.Parameter(torch.ones(shape)))
        self.beta = _parameters.setdefault((shape, 0), nn.Parameter(torch.zeros(shape)))

    def forward(self, X):
        mean = X.mean(self.dims, keepdim=True)
        var = ((X - mean) ** 2).mean(self.dims, keepdim=True)
        return self.gamma * (X - mean) / torch.sqrt(var + self.eps) + self.beta
