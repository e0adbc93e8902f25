"""Nudges all entries of a row together.

Fails: is the central difference, one entry at a time
Fails: takes an x of any shape, and an f that returns a number or a tensor with one element
Fails: hands f a new tensor each time: f may return a part of it
Fails: keeps the dtype, and takes an x in any memory order
Fails: leaves x and x.grad as they were, and gives plain numbers without a graph
Fails: gives the same when it is called again, and leaves the program as it was
Says: all entries of a row are nudged together
"""


def numerical_gradient(f, x, eps=1e-4):
    x = x.detach()
    slopes = torch.zeros_like(x)
    if x.ndim == 0:
        return slopes + (float(f(x + eps)) - float(f(x - eps))) / (2 * eps)
    for j in range(len(x)):
        step = torch.zeros_like(x)
        step[j] = eps
        slopes[j] = (float(f(x + step)) - float(f(x - step))) / (2 * eps)
    return slopes
