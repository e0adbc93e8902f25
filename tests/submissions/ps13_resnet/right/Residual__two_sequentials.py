"""Branch and skip as nn.Sequential and nn.Identity, the skip defined and run first.

Apart: its layers have other names than zero_init_residual looks for
"""

class Residual(nn.Module):
    def __init__(self, input_channels, num_channels, use_1x1conv=False, strides=1):
        super().__init__()
        self.shortcut = nn.Conv2d(input_channels, num_channels, 1, strides) if use_1x1conv else nn.Identity()
        self.body = nn.Sequential(
            nn.Conv2d(input_channels, num_channels, 3, strides, 1),
            nn.BatchNorm2d(num_channels),
            nn.ReLU(),
            nn.Conv2d(num_channels, num_channels, 3, 1, 1),
            nn.BatchNorm2d(num_channels),
        )
        self.activation = nn.ReLU()

    def forward(self, X):
        shortcut = self.shortcut(X)
        return self.activation(shortcut + self.body(X))
