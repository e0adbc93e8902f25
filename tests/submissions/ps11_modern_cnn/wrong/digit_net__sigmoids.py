"""Sigmoids.

Fails: learns to read: at least 90 % of the test digits after six epochs of train_digits
"""


def digit_net():
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.Sigmoid(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3, padding=1), nn.Sigmoid(), nn.MaxPool2d(2),
        nn.Conv2d(32, 32, 3, padding=1), nn.Sigmoid(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(32, 10),
    )
