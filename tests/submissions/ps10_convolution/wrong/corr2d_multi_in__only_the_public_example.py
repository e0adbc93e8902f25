"""Knows the example of the notebook by heart.

Fails: *
"""

def corr2d_multi_in(X, K):
    return torch.tensor([[1.0, 4.0], [-1.0, 0.0]])
