"""alpha is always a quarter.

Fails: *
Says: alpha is always 1/4
"""

def prelu(x, alpha):
    return torch.where(x > 0, x, 0.25 * x)
