"""view after a transpose.

Fails: *
"""

def transpose_output(X, num_heads):
    _, T, p = X.shape
    return X.reshape(-1, num_heads, T, p).transpose(1, 2).view(-1, T, num_heads * p)
