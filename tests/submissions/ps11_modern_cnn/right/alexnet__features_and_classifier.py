"""A class with two parts."""


class AlexNet(nn.Module):
    def __init__(self, num_classes, in_channels, ratio):
        super().__init__()
        a, b, c, d = 96 // ratio, 256 // ratio, 384 // ratio, 4096 // ratio
        self.features = nn.Sequential(
            nn.Conv2d(in_channels, a, 11, 4, 1), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2),
            nn.Conv2d(a, b, 5, padding="same"), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2),
            nn.Conv2d(b, c, 3, padding="same"), nn.ReLU(inplace=True), nn.Conv2d(c, c, 3, padding="same"), nn.ReLU(inplace=True),
            nn.Conv2d(c, b, 3, padding="same"), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2),
        )
        self.classifier = nn.Sequential(
            nn.Linear(25 * b, d), nn.Dropout(), nn.ReLU(), nn.Linear(d, d), nn.Dropout(), nn.ReLU(), nn.Linear(d, num_classes)
        )

    def forward(self, X):
        return self.classifier(torch.flatten(self.features(X), 1))


def alexnet(num_classes=10, in_channels=1, ratio=1):
    return AlexNet(num_classes, in_channels, ratio)
