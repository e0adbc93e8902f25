"""Bounds x at -12 and 12: the values differ by less than float32 shows, but the gradient beyond is cut off.

Fails: stays finite for entries of any size, and so does its gradient
Says: the gradient of sigmoid is wrong
"""

def sigmoid(x):
    return 1 / (1 + torch.exp(-x.clamp(-12, 12)))
