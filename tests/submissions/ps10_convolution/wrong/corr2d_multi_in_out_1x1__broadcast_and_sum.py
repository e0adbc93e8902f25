"""Multiplies and sums: no matrix product.

Fails: one matrix product, no loop
"""

def corr2d_multi_in_out_1x1(X, K):
    (c_in, h, w), c_out = X.shape, K.shape[0]
    return (K * X).sum(1)
