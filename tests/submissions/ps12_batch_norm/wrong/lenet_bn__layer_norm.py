"""Layer norm over the features of the linear layers.

Fails: learns five digits in 24 steps of plain gradient descent
Fails: in training: convolution or linear layer, batch norm, sigmoid, in this order
"""

def lenet_bn():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), BatchNorm(6, 4), nn.Sigmoid(), nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 5), BatchNorm(16, 4), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.LayerNorm(120), nn.Sigmoid(),
        nn.Linear(120, 84), nn.LayerNorm(84), nn.Sigmoid(),
        nn.Linear(84, 10),
    )
