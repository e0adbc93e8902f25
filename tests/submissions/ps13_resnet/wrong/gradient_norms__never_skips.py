"""Never adds the skip.

Fails: with skip: every layer's input is added to what the layer gives
Says: there is no skip, and one was asked for
"""

def gradient_norms(depth, skip, width=32):
    H, weights = deep_stack(depth, width)
    for W in weights:
        F = torch.sigmoid(H @ W)
        H = F
    H.square().mean().backward()
    return [W.grad.norm().item() for W in weights]
