"""Puts the last layer first.

Fails: plain stack: the norms of the gradients of the mean square, first layer first
Says: the last layer stands first
"""

def gradient_norms(depth, skip, width=32):
    H, weights = deep_stack(depth, width)
    for W in weights:
        F = torch.sigmoid(H @ W)
        H = H + F if skip else F
    H.square().mean().backward()
    return [W.grad.norm().item() for W in reversed(weights)]
