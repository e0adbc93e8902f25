"""The bias has the kernel's shape.

Fails: weight has the kernel's shape and starts random, bias is one number
Fails: the output is the cross-correlation plus the bias
Fails: gives the same when it is called again; a second layer starts anew
"""

class Conv2D(nn.Module):
    def __init__(self, kernel_size):
        super().__init__()
        self.weight = nn.Parameter(torch.rand(kernel_size))
        self.bias = nn.Parameter(torch.zeros(kernel_size))

    def forward(self, x):
        return corr2d(x, self.weight) + self.bias
