"""The result is float32.

Fails: gradients go where their numbers came from
Fails: keeps the dtype, takes X in any memory order and leaves it unchanged
"""

def transpose_output(X, num_heads):
    _, T, p = X.shape
    return X.reshape(-1, num_heads, T, p).transpose(1, 2).flatten(2).float()
