"""exp(x) in place of exp(-x).

Fails: *
Says: exp(x) stands where exp(-x) should
"""

def sigmoid(x):
    z = torch.exp(torch.where(x >= 0, -x, x))
    return torch.where(x >= 0, z, 1) / (1 + z)
