"""The last BatchNorm keeps no running statistics.

Fails: is ReLU(X + branch), with the same weights as the reference
"""


class Bottleneck(nn.Module):
    def __init__(self, channels, mid):
        super().__init__()
        self.branch = nn.Sequential(
            nn.Conv2d(channels, mid, kernel_size=1, bias=False), nn.BatchNorm2d(mid), nn.ReLU(),
            nn.Conv2d(mid, mid, kernel_size=3, padding=1, bias=False), nn.BatchNorm2d(mid), nn.ReLU(),
            nn.Conv2d(mid, channels, kernel_size=1, bias=False), nn.BatchNorm2d(channels, track_running_stats=False),
        )  # fmt: skip

    def forward(self, X):
        return torch.relu(X + self.branch(X))
