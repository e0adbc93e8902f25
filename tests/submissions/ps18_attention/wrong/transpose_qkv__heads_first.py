"""The first heads of all sequences stand together.

Fails: the heads of a sequence stand together in the batch
Says: the first heads of all sequences stand together; the heads of one sequence should
"""

def transpose_qkv(X, num_heads):
    n, T, h = X.shape
    return X.reshape(n, T, num_heads, h // num_heads).permute(2, 0, 1, 3).flatten(0, 1)
