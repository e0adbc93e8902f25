"""PyTorch's layers with momentum 0.9, which is the share that they replace.

Fails: training moves the statistics that evaluation uses, and keeps 0.9 of the old ones
"""

def lenet_bn():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.BatchNorm2d(6, momentum=0.9), nn.Sigmoid(), nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 5), nn.BatchNorm2d(16, momentum=0.9), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.BatchNorm1d(120, momentum=0.9), nn.Sigmoid(),
        nn.Linear(120, 84), nn.BatchNorm1d(84, momentum=0.9), nn.Sigmoid(),
        nn.Linear(84, 10),
    )
