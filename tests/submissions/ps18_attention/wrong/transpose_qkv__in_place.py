"""Transposes the X that was passed in.

Fails: each head gets its share of every step
Fails: the heads of a sequence stand together in the batch
Fails: leaves its inputs unchanged
Says: was changed by the call
"""

def transpose_qkv(X, num_heads):
    n, T, h = X.shape
    Y = X.reshape(n, T, num_heads, h // num_heads).transpose(1, 2).flatten(0, 1)
    X.data.zero_()
    return Y
