"""The dtype changes.

Fails: keeps the dtype, and takes entries in any memory order
"""

def tanh_grad(x):
    return (1 - torch.tanh(x) ** 2).float()
