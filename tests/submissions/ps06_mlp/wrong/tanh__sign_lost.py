"""The negative side is that of the positive one.

Fails: *
Says: the sign is lost
"""

def tanh(x):
    z = torch.exp(2 * torch.where(x >= 0, -x, x))
    return (1 - z) / (1 + z)
