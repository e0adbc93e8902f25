"""Uses the same BatchNorm after the first two convolutions.

Fails: has 1×1, 3×3 and 1×1 convolutions without bias, 69,632 weights for 256 → 64 → 256, and three BatchNorms
"""

class Bottleneck(nn.Module):
    def __init__(self, channels, mid):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, mid, kernel_size=1, bias=False)
        self.conv2 = nn.Conv2d(mid, mid, kernel_size=3, padding=1, bias=False)
        self.conv3 = nn.Conv2d(mid, channels, kernel_size=1, bias=False)
        self.bn1, self.bn3 = nn.BatchNorm2d(mid), nn.BatchNorm2d(channels)

    def forward(self, X):
        Y = torch.relu(self.bn1(self.conv1(X)))
        Y = torch.relu(self.bn1(self.conv2(Y)))
        Y = self.bn3(self.conv3(Y))
        return torch.relu(Y + X)
