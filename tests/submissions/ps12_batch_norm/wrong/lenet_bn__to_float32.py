"""Hands on float32 to the last layer, whatever came in.

Fails: keeps the dtype, and takes numbers in any memory order
"""


class Float(nn.Module):
    def forward(self, X):
        return X.float()


def lenet_bn():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), BatchNorm(6, 4), nn.Sigmoid(), nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 5), BatchNorm(16, 4), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), BatchNorm(120, 2), nn.Sigmoid(),
        nn.Linear(120, 84), BatchNorm(84, 2), nn.Sigmoid(),
        nn.Linear(84, 10), Float(),
    )
