"""Exchanges steps and numbers.

Fails: each head gets its share of every step
Fails: the heads of a sequence stand together in the batch
Fails: works on the whole batch at once
Says: steps and numbers are exchanged
"""

def transpose_qkv(X, num_heads):
    n, T, h = X.shape
    return X.reshape(n, T, num_heads, h // num_heads).permute(0, 2, 3, 1).flatten(0, 1)
