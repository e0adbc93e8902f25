"""Takes the mean of the entries, not of their squares.

Fails: plain stack: the norms of the gradients of the mean square, first layer first
Says: the loss is the mean of the entries, not of their squares
"""

def gradient_norms(depth, skip, width=32):
    H, weights = deep_stack(depth, width)
    for W in weights:
        F = torch.sigmoid(H @ W)
        H = H + F if skip else F
    H.mean().backward()
    return [W.grad.norm().item() for W in weights]
