"""Returns a tensor, not a list.

Fails: *
"""

def gradient_norms(depth, skip, width=32):
    H, weights = deep_stack(depth, width)
    for W in weights:
        F = torch.sigmoid(H @ W)
        H = H + F if skip else F
    H.square().mean().backward()
    return torch.stack([W.grad.norm() for W in weights])
