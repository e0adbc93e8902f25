"""Reshapes without moving.

Fails: each step gets the results of its heads side by side
Fails: takes the heads of a sequence from neighbouring rows of the batch
Says: the numbers are only reshaped and never moved
"""

def transpose_output(X, num_heads):
    return X.reshape(X.shape[0] // num_heads, X.shape[1], -1)
