"""Chooses the right values, but both branches are computed everywhere: NaN gradients.

Fails: stays finite for entries of any size, and so does its gradient
"""

def sigmoid(x):
    return torch.where(x >= 0, 1 / (1 + torch.exp(-x)), torch.exp(x) / (1 + torch.exp(x)))
