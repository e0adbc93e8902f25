"""The dtype changes.

Fails: gradients are right
Fails: keeps the dtype, and takes entries in any memory order
"""

def relu(x):
    return torch.where(x > 0, x, 0).float()
