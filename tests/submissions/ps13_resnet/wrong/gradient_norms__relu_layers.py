"""Uses ReLU in the place of the sigmoid.

Fails: plain stack: the norms of the gradients of the mean square, first layer first
Says: the layers have a ReLU in the place of the sigmoid
"""

def gradient_norms(depth, skip, width=32):
    H, weights = deep_stack(depth, width)
    for W in weights:
        F = torch.relu(H @ W)
        H = H + F if skip else F
    H.square().mean().backward()
    return [W.grad.norm().item() for W in weights]
