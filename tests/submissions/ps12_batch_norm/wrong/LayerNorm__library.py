"""Calls PyTorch's layer_norm.

Fails: has two parameters of the given shape, and both are trained
"""

class LayerNorm(nn.Module):
    def __init__(self, shape, eps=1e-5):
        super().__init__()
        shape = (shape,) if isinstance(shape, int) else tuple(shape)
        self.shape, self.eps = shape, eps
        self.gamma = nn.Parameter(torch.ones(shape))
        self.beta = nn.Parameter(torch.zeros(shape))

    def forward(self, X):
        return torch.nn.functional.layer_norm(X, self.shape, self.gamma, self.beta, self.eps)
