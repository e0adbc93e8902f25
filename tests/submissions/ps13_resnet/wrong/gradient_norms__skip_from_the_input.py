"""Adds the input of the whole stack at every layer.

Fails: with skip: every layer's input is added to what the layer gives
Says: the skip comes from the input of the whole stack, not from that of the layer
"""

def gradient_norms(depth, skip, width=32):
    X, weights = deep_stack(depth, width)
    H = X
    for W in weights:
        F = torch.sigmoid(H @ W)
        H = X + F if skip else F
    H.square().mean().backward()
    return [W.grad.norm().item() for W in weights]
