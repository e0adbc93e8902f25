"""Two 3×3 convolutions at full width: no bottleneck.

Fails: has 1×1, 3×3 and 1×1 convolutions without bias, 69,632 weights for 256 → 64 → 256, and three BatchNorms
"""

class Bottleneck(nn.Module):
    def __init__(self, channels, mid):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, kernel_size=3, padding=1, bias=False)
        self.conv2 = nn.Conv2d(channels, channels, kernel_size=3, padding=1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(channels), nn.BatchNorm2d(channels)

    def forward(self, X):
        Y = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(X)))))
        return torch.relu(Y + X)
