"""Bounds x at -6.2 and 6.2: the gradient beyond is cut off.

Fails: stays finite for entries of any size, and so does its gradient
Says: the gradient of tanh is wrong
"""

def tanh(x):
    z = torch.exp(-2 * x.clamp(-6.2, 6.2))
    return (1 - z) / (1 + z)
