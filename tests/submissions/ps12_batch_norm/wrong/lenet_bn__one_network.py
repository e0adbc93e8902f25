"""The layers are made once: every call returns the same network.

Fails: in evaluation: normalised with the moving statistics
Fails: keeps the dtype, and takes numbers in any memory order
Fails: every call makes a new network with random weights
"""

_net = nn.Sequential(
    nn.Conv2d(1, 6, 5, padding=2), nn.BatchNorm2d(6), nn.Sigmoid(), nn.AvgPool2d(2),
    nn.Conv2d(6, 16, 5), nn.BatchNorm2d(16), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten(),
    nn.Linear(400, 120), nn.BatchNorm1d(120), nn.Sigmoid(), nn.Linear(120, 84), nn.BatchNorm1d(84), nn.Sigmoid(), nn.Linear(84, 10),
)


def lenet_bn():
    return _net
