"""gamma starts at 0.

Fails: gamma and beta are parameters of the given shape that start at 1 and 0
Fails: an int: normalises over the last dimension, whatever stands before it
Fails: a tuple: normalises over all these last dimensions together
Fails: eps is added inside the root, 1e-5 unless another is given
Fails: a sample's result depends on nothing but the sample, in training and in evaluation
Fails: stays right for constant samples and for numbers far from zero
Fails: works on the whole batch at once
Fails: keeps the dtype, and takes numbers in any memory order
Fails: leaves its input unchanged
"""

class LayerNorm(nn.Module):
    def __init__(self, shape, eps=1e-5):
        super().__init__()
        self.shape, self.eps = (shape,) if isinstance(shape, int) else tuple(shape), eps
        self.gamma = nn.Parameter(torch.zeros(self.shape))
        self.beta = nn.Parameter(torch.zeros(self.shape))

    def forward(self, X):
        dims = tuple(range(-len(self.shape), 0))
        mean = X.mean(dims, keepdim=True)
        var = ((X - mean) ** 2).mean(dims, keepdim=True)
        return self.gamma * (X - mean) / torch.sqrt(var + self.eps) + self.beta
