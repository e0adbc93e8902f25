"""The normalisation stands after the sigmoid.

Fails: in training: convolution or linear layer, batch norm, sigmoid, in this order
"""

def lenet_bn():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.Sigmoid(), BatchNorm(6, 4), nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 5), nn.Sigmoid(), BatchNorm(16, 4), nn.AvgPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.Sigmoid(), BatchNorm(120, 2),
        nn.Linear(120, 84), nn.Sigmoid(), BatchNorm(84, 2),
        nn.Linear(84, 10),
    )
