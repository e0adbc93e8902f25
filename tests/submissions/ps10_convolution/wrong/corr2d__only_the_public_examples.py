"""Knows the examples of the notebook by heart.

Fails: *
"""

def corr2d(X, K):
    if K.shape == (2, 2):
        return torch.tensor([[0.0, 1.0, 4.0], [4.0, 0.0, 4.0]])
    if K.shape == (1, 2):
        return torch.tensor([[-1.0, 2.0, -1.0]])
    return torch.tensor([[26.0]], dtype=X.dtype)
