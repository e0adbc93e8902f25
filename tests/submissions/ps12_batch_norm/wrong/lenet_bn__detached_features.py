"""The convolutions are run under no_grad.

Fails: gradients reach every parameter
"""

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.front = nn.Sequential(
            nn.Conv2d(1, 6, 5, padding=2), BatchNorm(6, 4), nn.Sigmoid(), nn.AvgPool2d(2),
            nn.Conv2d(6, 16, 5), BatchNorm(16, 4), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten(),
        )
        self.back = nn.Sequential(
            nn.Linear(400, 120), BatchNorm(120, 2), nn.Sigmoid(), nn.Linear(120, 84), BatchNorm(84, 2), nn.Sigmoid(), nn.Linear(84, 10),
        )

    def forward(self, X):
        with torch.no_grad():
            X = self.front(X)
        return self.back(X)


def lenet_bn():
    return Net()
