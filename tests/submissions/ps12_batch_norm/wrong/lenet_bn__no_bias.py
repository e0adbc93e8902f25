"""The layers before a normalisation have no bias.

Fails: has the parameters of lenet, and gamma and beta of four normalisations
"""

def lenet_bn():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2, bias=False), BatchNorm(6, 4), nn.Sigmoid(), nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 5, bias=False), BatchNorm(16, 4), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten(),
        nn.Linear(400, 120, bias=False), BatchNorm(120, 2), nn.Sigmoid(),
        nn.Linear(120, 84, bias=False), BatchNorm(84, 2), nn.Sigmoid(),
        nn.Linear(84, 10),
    )
