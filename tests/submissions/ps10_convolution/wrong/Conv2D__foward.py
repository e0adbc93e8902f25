"""The method is called foward, so that the module cannot be called.

Fails: the output is the cross-correlation plus the bias
"""

class Conv2D(nn.Module):
    def __init__(self, kernel_size):
        super().__init__()
        self.weight = nn.Parameter(torch.rand(kernel_size))
        self.bias = nn.Parameter(torch.zeros(1))

    def foward(self, x):
        return corr2d(x, self.weight) + self.bias
