"""Adds the input once, at the very end.

Fails: with skip: every layer's input is added to what the layer gives
Says: there is one skip around the whole stack; each layer should have its own
"""

def gradient_norms(depth, skip, width=32):
    X, weights = deep_stack(depth, width)
    H = X
    for W in weights:
        F = torch.sigmoid(H @ W)
        H = F
    if skip:
        H = H + X
    H.square().mean().backward()
    return [W.grad.norm().item() for W in weights]
