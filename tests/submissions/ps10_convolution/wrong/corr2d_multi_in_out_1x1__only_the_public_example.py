"""Knows the example of the notebook by heart.

Fails: *
"""

def corr2d_multi_in_out_1x1(X, K):
    (c_in, h, w), c_out = X.shape, K.shape[0]
    return torch.tensor([[[1.0, 3.0, 1.0]], [[2.0, 4.0, 0.0]], [[0.0, -1.0, -1.0]]])
