"""Keeps its stages in a Python list.

Fails: has the layers of the table: 11,178,378 parameters for ten classes and one channel
"""

class Net(nn.Module):
    def __init__(self, num_classes, in_channels):
        super().__init__()
        self.start = nn.Sequential(nn.Conv2d(in_channels, 64, 7, 2, 3), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, 2, 1))
        self.stages = [resnet_block(64, 64, 2, True), resnet_block(64, 128, 2), resnet_block(128, 256, 2), resnet_block(256, 512, 2)]
        self.head = nn.Linear(512, num_classes)

    def forward(self, X):
        X = self.start(X)
        for stage in self.stages:
            X = stage(X)
        return self.head(X.mean(dim=(2, 3)))


def resnet18(num_classes, in_channels=1):
    return Net(num_classes, in_channels)
