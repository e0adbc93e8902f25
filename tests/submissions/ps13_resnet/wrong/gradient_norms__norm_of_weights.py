"""Gives the norms of the weights, not of their gradients.

Fails: plain stack: the norms of the gradients of the mean square, first layer first
Fails: with skip: every layer's input is added to what the layer gives
Fails: on random stacks the gradient vanishes without skip, and does not with it
"""

def gradient_norms(depth, skip, width=32):
    H, weights = deep_stack(depth, width)
    for W in weights:
        F = torch.sigmoid(H @ W)
        H = H + F if skip else F
    H.square().mean().backward()
    return [W.norm().item() for W in weights]
