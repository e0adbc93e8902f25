"""Each head gets every H-th number.

Fails: each head gets its share of every step
Fails: the heads of a sequence stand together in the batch
Says: each head gets every H-th number; it should get neighbours
"""

def transpose_qkv(X, num_heads):
    n, T, h = X.shape
    return X.reshape(n, T, h // num_heads, num_heads).permute(0, 3, 1, 2).flatten(0, 1)
