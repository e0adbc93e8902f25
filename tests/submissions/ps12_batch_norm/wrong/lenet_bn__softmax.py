"""Ends with a softmax: probabilities in the place of logits.

Fails: maps images (n, 1, 28, 28) to ten logits each, a single image too in evaluation mode
Fails: in training: convolution or linear layer, batch norm, sigmoid, in this order
"""

def lenet_bn():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), BatchNorm(6, 4), nn.Sigmoid(), nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 5), BatchNorm(16, 4), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), BatchNorm(120, 2), nn.Sigmoid(),
        nn.Linear(120, 84), BatchNorm(84, 2), nn.Sigmoid(),
        nn.Linear(84, 10), nn.Softmax(dim=1),
    )
