"""Zeros of the right shapes.

Fails: *
"""

def mlp_backward(X, y, params, weight_decay):
    return [torch.zeros_like(p) for p in params]
