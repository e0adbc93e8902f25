"""Returns its input.

Fails: an int: normalises over the last dimension, whatever stands before it
Fails: a tuple: normalises over all these last dimensions together
Fails: every entry has its own scale and shift
Fails: eps is added inside the root, 1e-5 unless another is given
Fails: a sample's result depends on nothing but the sample, in training and in evaluation
Fails: gradients flow back to X, gamma and beta
Fails: stays right for constant samples and for numbers far from zero
Fails: works on the whole batch at once
Fails: keeps the dtype, and takes numbers in any memory order
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
        return X
