"""Cuts the batch as (H, n).

Fails: takes the heads of a sequence from neighbouring rows of the batch
Says: the batch is cut as (H, n); it should be cut as (n, H)
"""

def transpose_output(X, num_heads):
    _, T, p = X.shape
    return X.reshape(num_heads, -1, T, p).permute(1, 2, 0, 3).flatten(2)
