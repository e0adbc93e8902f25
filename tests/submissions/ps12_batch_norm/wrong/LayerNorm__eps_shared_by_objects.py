"""eps belongs to the class: the layer that was made last decides for all.

Fails: eps is added inside the root, 1e-5 unless another is given
"""

class LayerNorm(nn.Module):
    def __init__(self, shape, eps=1e-5):
        super().__init__()
        shape = (shape,) if isinstance(shape, int) else tuple(shape)
        self.dims, LayerNorm.eps = tuple(range(-len(shape), 0)), eps
        self.gamma = nn.Parameter(torch.ones(shape))
        self.beta = nn.Parameter(torch.zeros(shape))

    def forward(self, X):
        mean = X.mean(self.dims, keepdim=True)
        var = ((X - mean) ** 2).mean(self.dims, keepdim=True)
        return self.gamma * (X - mean) / torch.sqrt(var + self.eps) + self.beta
