"""Knows the example of the notebook by heart.

Fails: *
"""

def corr2d_multi_in_out(X, K):
    return torch.tensor([[[1.0, 4.0], [-1.0, 0.0]], [[2.0, 1.0], [3.0, 3.0]]])[: len(K)]
