"""Adds up channel by channel, without a matrix product.

Fails: one matrix product, no loop
"""

def corr2d_multi_in_out_1x1(X, K):
    (c_in, h, w), c_out = X.shape, K.shape[0]
    return torch.stack([sum(K[o, c] * X[c] for c in range(c_in)) for o in range(c_out)])
