"""The convolutions are normalised after the pooling.

Fails: in training: convolution or linear layer, batch norm, sigmoid, in this order
"""

def lenet_bn():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.AvgPool2d(2), BatchNorm(6, 4), nn.Sigmoid(),
        nn.Conv2d(6, 16, 5), nn.AvgPool2d(2), BatchNorm(16, 4), nn.Sigmoid(), nn.Flatten(),
        nn.Linear(400, 120), BatchNorm(120, 2), nn.Sigmoid(),
        nn.Linear(120, 84), BatchNorm(84, 2), nn.Sigmoid(),
        nn.Linear(84, 10),
    )
