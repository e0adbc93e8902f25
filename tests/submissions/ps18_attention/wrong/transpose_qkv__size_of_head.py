"""Takes num_heads for the size of a head.

Fails: each head gets its share of every step
Fails: the heads of a sequence stand together in the batch
Fails: works on the whole batch at once
"""

def transpose_qkv(X, num_heads):
    n, T, h = X.shape
    return X.reshape(n, T, h // num_heads, num_heads).transpose(1, 2).flatten(0, 1)
