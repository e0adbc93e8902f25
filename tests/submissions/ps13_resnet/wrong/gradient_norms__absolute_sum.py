"""Adds up absolute values in the place of the root of the sum of squares.

Fails: plain stack: the norms of the gradients of the mean square, first layer first
Says: absolute values are added up
"""

def gradient_norms(depth, skip, width=32):
    H, weights = deep_stack(depth, width)
    for W in weights:
        F = torch.sigmoid(H @ W)
        H = H + F if skip else F
    H.square().mean().backward()
    return [W.grad.abs().sum().item() for W in weights]
