"""The layers stand in a Python list.

Fails: its layers have the sizes of the table
Fails: has num_classes outputs, 10 if nothing is said, and its parameters in the order of the layers
"""


class TestNet(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.layers = [nn.Conv2d(1, 16, 3, padding=1), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(3136, num_classes)]

    def forward(self, X):
        for layer in self.layers:
            X = layer(X)
        return X
