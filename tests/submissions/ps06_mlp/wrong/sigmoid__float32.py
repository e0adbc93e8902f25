"""The dtype changes.

Fails: gradients are right
Fails: keeps the dtype, and takes entries in any memory order
"""

def sigmoid(x):
    x = x.float()
    z = torch.exp(torch.where(x >= 0, -x, x))
    return torch.where(x >= 0, 1, z) / (1 + z)
