"""A subclass of nn.Sequential that adds its input."""

class Bottleneck(nn.Sequential):
    def __init__(self, channels, mid):
        super().__init__(
            nn.Conv2d(channels, mid, 1, bias=False), nn.BatchNorm2d(mid), nn.ReLU(),
            nn.Conv2d(mid, mid, (3, 3), padding=(1, 1), bias=False), nn.BatchNorm2d(mid), nn.ReLU(),
            nn.Conv2d(mid, channels, 1, bias=False), nn.BatchNorm2d(channels),
        )

    def forward(self, X):
        return nn.functional.relu(super().forward(X) + X)
