"""Cuts once more in the place of joining.

Fails: each step gets the results of its heads side by side
Fails: takes the heads of a sequence from neighbouring rows of the batch
Fails: works on the whole batch at once
"""

def transpose_output(X, num_heads):
    _, T, p = X.shape
    return transpose_qkv(X, num_heads) if p % num_heads == 0 else X
