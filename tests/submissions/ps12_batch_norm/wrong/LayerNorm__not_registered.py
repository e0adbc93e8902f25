"""gamma and beta are plain tensors.

Fails: has two parameters of the given shape, and both are trained
"""

class LayerNorm(nn.Module):
    def __init__(self, shape, eps=1e-5):
        super().__init__()
        self.shape, self.eps = (shape,) if isinstance(shape, int) else tuple(shape), eps
        self.gamma = torch.ones(self.shape)
        self.beta = torch.zeros(self.shape)

    def forward(self, X):
        dims = tuple(range(-len(self.shape), 0))
        mean = X.mean(dims, keepdim=True)
        var = ((X - mean) ** 2).mean(dims, keepdim=True)
        return self.gamma * (X - mean) / torch.sqrt(var + self.eps) + self.beta
