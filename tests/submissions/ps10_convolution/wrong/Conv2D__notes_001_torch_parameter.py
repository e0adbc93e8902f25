"""torch.Parameter does not exist: it is nn.Parameter. (001)

Fails: weight and bias are the module's parameters
"""

class Conv2D(nn.Module):
    def __init__(self, kernel_size):
        super().__init__()
        self.weight = torch.Parameter(torch.randn(kernel_size))
        self.bias = torch.Parameter(torch.randn(1))

    def forward(self, x):
        return corr2d(x, self.weight) + self.bias
