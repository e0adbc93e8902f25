"""Returns zeros.

Fails: *
"""

def batch_norm_backward(dY, X, gamma, eps):
    return torch.zeros_like(X), torch.zeros_like(gamma), torch.zeros_like(gamma)
