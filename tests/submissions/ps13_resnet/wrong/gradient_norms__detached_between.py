"""Detaches between the layers: every layer is trained as if it were the last.

Fails: *
"""

def gradient_norms(depth, skip, width=32):
    H, weights = deep_stack(depth, width)
    for W in weights:
        F = torch.sigmoid(H.detach() @ W)
        H = H + F if skip else F
    H.square().mean().backward()
    return [W.grad.norm().item() for W in weights]
