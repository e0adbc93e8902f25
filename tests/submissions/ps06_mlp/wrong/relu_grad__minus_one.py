"""The sign: -1 on the negative side.

Fails: *
Says: the slope is -1 on the negative side
"""

def relu_grad(x):
    return torch.sign(x)
