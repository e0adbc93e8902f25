"""The dtype changes.

Fails: gradients are right
Fails: keeps the dtype, and takes entries in any memory order
"""

def tanh(x):
    x = x.to(torch.float32)
    z = torch.exp(2 * torch.where(x >= 0, -x, x))
    return torch.where(x >= 0, 1 - z, z - 1) / (1 + z)
