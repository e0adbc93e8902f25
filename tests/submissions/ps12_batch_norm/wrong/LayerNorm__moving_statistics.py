"""In evaluation it uses the statistics of the last training batch.

Fails: a sample's result depends on nothing but the sample, in training and in evaluation
"""

class LayerNorm(nn.Module):
    def __init__(self, shape, eps=1e-5):
        super().__init__()
        self.shape, self.eps = (shape,) if isinstance(shape, int) else tuple(shape), eps
        self.gamma = nn.Parameter(torch.ones(self.shape))
        self.beta = nn.Parameter(torch.zeros(self.shape))
        self.register_buffer("mean", torch.zeros(1))
        self.register_buffer("var", torch.ones(1))

    def forward(self, X):
        dims = tuple(range(-len(self.shape), 0))
        mean, var = self.mean, self.var
        if self.training:
            mean = X.mean(dims, keepdim=True)
            var = ((X - mean) ** 2).mean(dims, keepdim=True)
            self.mean, self.var = mean.mean().detach(), var.mean().detach()
        return self.gamma * (X - mean) / torch.sqrt(var + self.eps) + self.beta
