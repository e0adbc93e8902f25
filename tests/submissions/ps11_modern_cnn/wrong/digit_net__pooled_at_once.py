"""Takes the mean over the map before it has looked at it.

Fails: learns to read: at least 90 % of the test digits after six epochs of train_digits
"""


def digit_net():
    return nn.Sequential(
        nn.AdaptiveAvgPool2d(2), nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(32, 10))
