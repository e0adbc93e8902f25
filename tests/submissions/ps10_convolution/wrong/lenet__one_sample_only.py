"""Flattens everything into one row: right for a batch of one.

Fails: with the same weights, gives the same logits
Fails: gradients reach every parameter
"""

def lenet():
    class LeNet(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Sequential(
                nn.Conv2d(1, 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2))
            self.fc = nn.Sequential(nn.Linear(400, 120), nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid(), nn.Linear(84, 10))

        def forward(self, X):
            return self.fc(self.conv(X).reshape(1, -1))

    return LeNet()
