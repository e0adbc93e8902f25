"""Remembers the output of its first image.

Fails: gives the same when it is called again; a second layer starts anew
"""

class Conv2D(nn.Module):
    def __init__(self, kernel_size):
        super().__init__()
        self.weight = nn.Parameter(torch.rand(kernel_size))
        self.bias = nn.Parameter(torch.zeros(1))
        self.out = None

    def forward(self, x):
        if self.out is None:
            self.out = corr2d(x, self.weight) + self.bias
        return self.out
