"""Functions of torch.nn.functional on parameters of its own, the last one defined first.

Apart: its layers have other names than zero_init_residual looks for
"""

class Residual(nn.Module):
    def __init__(self, input_channels, num_channels, use_1x1conv=False, strides=1):
        super().__init__()
        self.strides, self.project = strides, use_1x1conv
        self.norms = nn.ModuleDict({"second": nn.BatchNorm2d(num_channels)})
        self.norms["first"] = nn.BatchNorm2d(num_channels)
        if use_1x1conv:
            self.W3 = nn.Parameter(torch.randn(num_channels, input_channels, 1, 1) * 0.1)
            self.b3 = nn.Parameter(torch.zeros(num_channels))
        self.b2 = nn.Parameter(torch.zeros(num_channels))
        self.W2 = nn.Parameter(torch.randn(num_channels, num_channels, 3, 3) * 0.1)
        self.b1 = nn.Parameter(torch.zeros(num_channels))
        self.W1 = nn.Parameter(torch.randn(num_channels, input_channels, 3, 3) * 0.1)

    def forward(self, X):
        F = torch.nn.functional
        Y = F.relu(self.norms["first"](F.conv2d(X, self.W1, self.b1, stride=self.strides, padding=1)))
        Y = self.norms["second"](F.conv2d(Y, self.W2, bias=self.b2, padding=1))
        if self.project:
            X = F.conv2d(X, self.W3, self.b3, stride=self.strides)
        return torch.clamp(X + Y, min=0)
