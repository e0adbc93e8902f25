"""Adds the heads up.

Fails: each step gets the results of its heads side by side
Fails: takes the heads of a sequence from neighbouring rows of the batch
Fails: works on the whole batch at once
Says: the heads are added up
"""

def transpose_output(X, num_heads):
    _, T, p = X.shape
    return X.reshape(-1, num_heads, T, p).sum(1)
