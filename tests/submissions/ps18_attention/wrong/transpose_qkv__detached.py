"""The result is detached.

Fails: gradients are right
Says: carries no graph
"""

def transpose_qkv(X, num_heads):
    n, T, h = X.shape
    return X.reshape(n, T, num_heads, h // num_heads).transpose(1, 2).flatten(0, 1).detach()
