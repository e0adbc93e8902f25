"""Returns zeros.

Fails: *
"""

def softmax_cross_entropy_grad(O, y):
    return torch.zeros_like(O)
