"""With a method of its own, and parameters made with torch.empty and init."""

class LayerNorm(nn.Module):
    def __init__(self, shape, eps=1e-5):
        super(LayerNorm, self).__init__()
        if type(shape) is int:
            shape = [shape]
        self.n, self.eps = len(shape), eps
        self.gamma = nn.Parameter(torch.empty(*shape))
        self.beta = nn.Parameter(torch.empty(*shape))
        nn.init.ones_(self.gamma)
        nn.init.zeros_(self.beta)

    def average(self, X):
        for _ in range(self.n):
            X = X.mean(dim=-1)
        return X.reshape(*X.shape, *[1] * self.n)

    def forward(self, X):
        centred = X - self.average(X)
        return self.gamma * centred / (self.average(centred * centred) + self.eps).sqrt() + self.beta
