"""The running statistics move by a hundredth a step, where the default is a tenth.

Fails: is ReLU(branch + X), with the same weights as the reference
Fails: with use_1x1conv=True the skip goes through the 1×1 convolution, with the same stride
Fails: gives the same when it is called again, and shares nothing with a second object
"""

class Residual(nn.Module):
    def __init__(self, input_channels, num_channels, use_1x1conv=False, strides=1):
        super().__init__()
        self.bn2 = nn.BatchNorm2d(num_channels, momentum=0.01)
        self.bn1 = nn.BatchNorm2d(num_channels, momentum=0.01)
        self.conv2 = nn.Conv2d(num_channels, num_channels, kernel_size=3, padding="same")
        if use_1x1conv:
            self.conv3 = nn.Conv2d(input_channels, num_channels, kernel_size=1, stride=strides)
        else:
            self.conv3 = None
        self.conv1 = nn.Conv2d(input_channels, num_channels, kernel_size=3, padding=1, stride=strides)

    def forward(self, X):
        Y = torch.relu(self.bn1(self.conv1(X)))
        Y = self.bn2(self.conv2(Y))
        if self.conv3 is not None:
            X = self.conv3(X)
        return torch.relu(Y + X)
