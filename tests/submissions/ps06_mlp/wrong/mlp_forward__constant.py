"""Scores of zero.

Fails: *
"""

def mlp_forward(X, params):
    return torch.zeros(len(X), len(params[-1]), dtype=X.dtype, device=X.device)
