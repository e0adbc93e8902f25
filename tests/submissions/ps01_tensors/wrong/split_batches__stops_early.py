"""The range ends one batch too soon.

Fails: parts of `size` rows, in order
Fails: the short last part is kept as it is
Fails: fewer rows than `size` make one part
Fails: cuts along dim 0 whatever the number of dimensions and the dtype
"""

def split_batches(X, size):
    return [X[i : i + size] for i in range(0, len(X) - size, size)]
