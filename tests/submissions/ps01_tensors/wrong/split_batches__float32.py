"""The dtype changes.

Fails: cuts along dim 0 whatever the number of dimensions and the dtype
Fails: gradients flow through the parts
"""

def split_batches(X, size):
    return list(X.float().split(size))
