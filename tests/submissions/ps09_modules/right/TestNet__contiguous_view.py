"""view after contiguous."""


class TestNet(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.layers = nn.ModuleList([nn.Conv2d(1, 16, 3, 1, 1), nn.MaxPool2d(2), nn.Linear(14 * 14 * 16, num_classes)])

    def forward(self, X):
        conv, pool, linear = self.layers
        X = pool(conv(X)).contiguous()
        return linear(X.view(X.shape[0], -1))
