"""alpha is always a quarter.

Fails: *
"""

def prelu(x, alpha):
    return torch.where(x > 0, x, 0.25 * x)
