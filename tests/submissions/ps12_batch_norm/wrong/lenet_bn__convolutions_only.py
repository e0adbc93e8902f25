"""The linear layers have no normalisation.

Fails: has the parameters of lenet, and gamma and beta of four normalisations
Fails: in training: convolution or linear layer, batch norm, sigmoid, in this order
Fails: in evaluation: normalised with the moving statistics
Fails: every call makes a new network with random weights
Fails: learns five digits in 24 steps of plain gradient descent
"""

def lenet_bn():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), BatchNorm(6, 4), nn.Sigmoid(), nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 5), BatchNorm(16, 4), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.Sigmoid(),
        nn.Linear(120, 84), nn.Sigmoid(),
        nn.Linear(84, 10),
    )
