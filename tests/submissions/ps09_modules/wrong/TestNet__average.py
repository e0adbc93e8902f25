"""Mean pooling.

Fails: gives with the reference's weights what the four layers give
Says: the mean is pooled, not the largest
"""


class TestNet(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, 16, kernel_size=3, stride=1, padding=1),
            nn.AvgPool2d(2, 2),
            nn.Flatten(),
            nn.Linear(16 * 14 * 14, num_classes),
        )

    def forward(self, X):
        return self.net(X)
