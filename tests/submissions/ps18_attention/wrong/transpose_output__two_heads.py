"""Always two heads.

Fails: each step gets the results of its heads side by side
Fails: takes the heads of a sequence from neighbouring rows of the batch
Fails: works on the whole batch at once
"""

def transpose_output(X, num_heads):
    num_heads = 2
    _, T, p = X.shape
    return X.reshape(-1, num_heads, T, p).transpose(1, 2).flatten(2)
