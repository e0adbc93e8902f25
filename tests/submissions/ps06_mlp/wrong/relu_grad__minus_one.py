"""The sign: -1 on the negative side.

Fails: *
"""

def relu_grad(x):
    return torch.sign(x)
