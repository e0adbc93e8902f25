"""num_classes has no default.

Fails: has num_classes outputs, 10 if nothing is said, and its parameters in the order of the layers
"""


class TestNet(nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, 16, kernel_size=3, stride=1, padding=1),
            nn.MaxPool2d(2, 2),
            nn.Flatten(),
            nn.Linear(16 * 14 * 14, num_classes),
        )

    def forward(self, X):
        return self.net(X)
