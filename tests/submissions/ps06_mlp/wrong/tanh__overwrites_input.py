"""Doubles the input in place.

Fails: stays finite for entries of any size, and so does its gradient
Fails: gradients are right
Fails: the gradient is right at 0 too
Fails: leaves its input unchanged
"""

def tanh(x):
    x *= 2
    z = torch.exp(torch.where(x >= 0, -x, x))
    return torch.where(x >= 0, 1 - z, z - 1) / (1 + z)
