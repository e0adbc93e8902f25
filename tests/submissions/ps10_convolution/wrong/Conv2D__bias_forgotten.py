"""The bias is there, but nobody adds it.

Fails: the output is the cross-correlation plus the bias
Fails: gradients reach weight, bias and X
Says: the bias is not added
"""

class Conv2D(nn.Module):
    def __init__(self, kernel_size):
        super().__init__()
        self.weight = nn.Parameter(torch.rand(kernel_size))
        self.bias = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        return corr2d(x, self.weight)
