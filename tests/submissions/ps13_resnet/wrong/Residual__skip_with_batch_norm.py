"""Puts a BatchNorm on the projected skip, as other libraries do; here the skip is a bare convolution.

Fails: has two 3×3 convolutions and two BatchNorms, and a bare 1×1 convolution when it is asked for
Fails: gradients reach the input, over the branch and over the skip, and every parameter
Fails: keeps the dtype, and takes numbers in any memory order
"""

class Residual(nn.Module):
    def __init__(self, input_channels, num_channels, use_1x1conv=False, strides=1):
        super().__init__()
        self.conv1 = nn.Conv2d(input_channels, num_channels, kernel_size=3, padding=1, stride=strides)
        self.conv2 = nn.Conv2d(num_channels, num_channels, kernel_size=3, padding=1)
        if use_1x1conv:
            self.conv3 = nn.Sequential(
                nn.Conv2d(input_channels, num_channels, kernel_size=1, stride=strides), nn.BatchNorm2d(num_channels)
            )
        else:
            self.conv3 = None
        self.bn1 = nn.BatchNorm2d(num_channels)
        self.bn2 = nn.BatchNorm2d(num_channels)

    def forward(self, X):
        Y = torch.relu(self.bn1(self.conv1(X)))
        Y = self.bn2(self.conv2(Y))
        if self.conv3 is not None:
            X = self.conv3(X)
        return torch.relu(Y + X)
