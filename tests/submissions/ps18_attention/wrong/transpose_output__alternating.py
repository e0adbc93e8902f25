"""The numbers of the heads alternate.

Fails: each step gets the results of its heads side by side
Fails: takes the heads of a sequence from neighbouring rows of the batch
Says: the numbers of the heads alternate; they should stand head by head
"""

def transpose_output(X, num_heads):
    _, T, p = X.shape
    return X.reshape(-1, num_heads, T, p).permute(0, 2, 3, 1).flatten(2)
