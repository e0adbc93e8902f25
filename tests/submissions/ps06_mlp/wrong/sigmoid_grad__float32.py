"""The dtype changes.

Fails: keeps the dtype, and takes entries in any memory order
"""

def sigmoid_grad(x):
    s = torch.sigmoid(x.float())
    return s * (1 - s)
