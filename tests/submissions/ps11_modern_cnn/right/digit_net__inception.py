"""Two Inception blocks."""


def digit_net():
    return nn.Sequential(
        Inception(1, 8, (4, 8), (4, 8), 8), nn.MaxPool2d(2), Inception(32, 16, (16, 32), (8, 16), 16), nn.MaxPool2d(2),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(80, 10))
