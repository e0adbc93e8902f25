"""The result is detached.

Fails: gradients are right
Says: carries no graph
"""

def transpose_output(X, num_heads):
    _, T, p = X.shape
    return X.reshape(-1, num_heads, T, p).transpose(1, 2).flatten(2).detach()
