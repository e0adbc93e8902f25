"""Averages the heads and repeats the mean.

Fails: each step gets the results of its heads side by side
Fails: takes the heads of a sequence from neighbouring rows of the batch
Fails: gradients are right
"""

def transpose_output(X, num_heads):
    _, T, p = X.shape
    return X.reshape(-1, num_heads, T, p).float().mean(1).repeat(1, 1, num_heads).to(X.dtype)
