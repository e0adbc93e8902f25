"""The same network at every call.

Fails: every call makes a new network
Says: share their parameters
"""


NET = nn.Sequential(vgg_block(1, 1, 16), vgg_block(1, 16, 32), nn.Conv2d(32, 32, 3, padding=1), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(32, 10))


def digit_net():
    return NET
