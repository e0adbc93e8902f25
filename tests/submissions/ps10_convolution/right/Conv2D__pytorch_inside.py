"""PyTorch's convolution in the forward pass, which this exercise allows; bias made first."""

class Conv2D(nn.Module):
    def __init__(self, kernel_size):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(1))
        self.weight = nn.Parameter(torch.empty(kernel_size))
        nn.init.kaiming_uniform_(self.weight)

    def forward(self, X):
        return F.conv2d(X[None, None], self.weight[None, None], self.bias)[0, 0]
