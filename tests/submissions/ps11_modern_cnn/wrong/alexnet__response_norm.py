"""With the LocalResponseNorm of the paper.

Fails: gives the scores of these layers, in evaluation mode
Says: LocalResponseNorm
"""


def alexnet(num_classes=10, in_channels=1, ratio=1):
    c1, c2, c3, hidden = 96 // ratio, 256 // ratio, 384 // ratio, 4096 // ratio
    return nn.Sequential(
        nn.Conv2d(in_channels, c1, 11, 4, 1), nn.ReLU(), nn.LocalResponseNorm(5), nn.MaxPool2d(3, 2),
        nn.Conv2d(c1, c2, 5, padding=2), nn.ReLU(), nn.LocalResponseNorm(5), nn.MaxPool2d(3, 2),
        nn.Conv2d(c2, c3, 3, padding=1), nn.ReLU(), nn.Conv2d(c3, c3, 3, padding=1), nn.ReLU(), nn.Conv2d(c3, c2, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2),
        nn.Flatten(), nn.Linear(25 * c2, hidden), nn.ReLU(), nn.Dropout(0.5), nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout(0.5), nn.Linear(hidden, num_classes),
    )
