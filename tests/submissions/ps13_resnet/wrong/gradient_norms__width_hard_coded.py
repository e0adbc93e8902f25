"""Always takes a width of 32.

Fails: gives one number a layer, for every depth and width
"""

def gradient_norms(depth, skip, width=32):
    H, weights = deep_stack(depth, 32)
    for W in weights:
        F = torch.sigmoid(H @ W)
        H = H + F if skip else F
    H.square().mean().backward()
    return [W.grad.norm().item() for W in weights]
