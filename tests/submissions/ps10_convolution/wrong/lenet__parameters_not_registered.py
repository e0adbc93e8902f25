"""Layers in a plain list: the module does not know them.

Fails: *
"""

def lenet():
    class LeNet(nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = [
                nn.Conv2d(1, 6, kernel_size=5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2, stride=2),
                nn.Conv2d(6, 16, kernel_size=5), nn.Sigmoid(), nn.AvgPool2d(2, stride=2), nn.Flatten(),
                nn.Linear(16 * 5 * 5, 120), nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid(), nn.Linear(84, 10),
            ]

        def forward(self, X):
            for layer in self.layers:
                X = layer(X)
            return X

    return LeNet()
