"""Adds the skip whatever it is told.

Fails: plain stack: the norms of the gradients of the mean square, first layer first
Says: there is a skip, and none was asked for
"""

def gradient_norms(depth, skip, width=32):
    H, weights = deep_stack(depth, width)
    for W in weights:
        F = torch.sigmoid(H @ W)
        H = H + F
    H.square().mean().backward()
    return [W.grad.norm().item() for W in weights]
