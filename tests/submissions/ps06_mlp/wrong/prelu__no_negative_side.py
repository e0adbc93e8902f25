"""A plain ReLU.

Fails: *
"""

def prelu(x, alpha):
    return torch.where(x > 0, x, 0 * x)
