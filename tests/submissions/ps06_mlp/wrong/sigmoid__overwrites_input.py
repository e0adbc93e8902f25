"""Negates the input in place.

Fails: stays finite for entries of any size, and so does its gradient
Fails: gradients are right
Fails: the gradient is right at 0 too
Fails: leaves its input unchanged
"""

def sigmoid(x):
    positive = x >= 0
    x[positive] = -x[positive]
    z = torch.exp(x)
    return torch.where(positive, 1, z) / (1 + z)
