"""Keeps the norms of the first stack of each size, to save time.

Fails: plain stack: the norms of the gradients of the mean square, first layer first
"""

import functools


@functools.cache
def gradient_norms(depth, skip, width=32):
    H, weights = deep_stack(depth, width)
    for W in weights:
        F = torch.sigmoid(H @ W)
        H = H + F if skip else F
    H.square().mean().backward()
    return [W.grad.norm().item() for W in weights]
