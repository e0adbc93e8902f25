"""Returns dY as dX.

Fails: *
"""

def batch_norm_backward(dY, X, gamma, eps):
    return dY.clone(), torch.zeros_like(gamma), torch.zeros_like(gamma)
