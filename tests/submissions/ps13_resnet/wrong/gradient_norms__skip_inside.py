"""Adds the skip inside the sigmoid.

Fails: with skip: every layer's input is added to what the layer gives
Says: the skip is added before the sigmoid
"""

def gradient_norms(depth, skip, width=32):
    H, weights = deep_stack(depth, width)
    for W in weights:
        H = torch.sigmoid(H @ W + H) if skip else torch.sigmoid(H @ W)
    H.square().mean().backward()
    return [W.grad.norm().item() for W in weights]
