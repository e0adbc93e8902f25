"""clamp with a tensor as its bound: the gradient at 0 is a half, in older versions 1.

Fails: the gradient at 0 is 0
"""

def relu(x):
    return x.clamp(min=torch.zeros_like(x))
