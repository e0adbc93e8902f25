"""The linear layer is made before the convolution.

Fails: has num_classes outputs, 10 if nothing is said, and its parameters in the order of the layers
"""


class TestNet(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.out = nn.Linear(16 * 14 * 14, num_classes)
        self.conv = nn.Conv2d(1, 16, 3, padding=1)

    def forward(self, X):
        return self.out(F.max_pool2d(self.conv(X), 2).flatten(1))
