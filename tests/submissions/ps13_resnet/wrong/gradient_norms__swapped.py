"""Has plain and skip the wrong way round.

Fails: plain stack: the norms of the gradients of the mean square, first layer first
Fails: with skip: every layer's input is added to what the layer gives
Says: there is a skip, and none was asked for
"""

def gradient_norms(depth, skip, width=32):
    H, weights = deep_stack(depth, width)
    for W in weights:
        F = torch.sigmoid(H @ W)
        H = H + F if not skip else F
    H.square().mean().backward()
    return [W.grad.norm().item() for W in weights]
