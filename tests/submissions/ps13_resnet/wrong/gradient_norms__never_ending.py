"""Waits for a list to grow, and never appends to it.

Fails: *
"""

def gradient_norms(depth, skip, width=32):
    H, weights = deep_stack(depth, width)
    for W in weights:
        F = torch.sigmoid(H @ W)
        H = H + F if skip else F
    H.square().mean().backward()
    norms = []
    while len(norms) < depth:
        norm = weights[len(norms)].grad.norm().item()
    return norms
