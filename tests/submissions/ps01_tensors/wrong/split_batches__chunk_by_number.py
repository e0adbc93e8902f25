"""chunk takes the number of parts.

Fails: parts of `size` rows, in order
Fails: the short last part is kept as it is
Fails: fewer rows than `size` make one part
Fails: cuts along dim 0 whatever the number of dimensions and the dtype
"""

def split_batches(X, size):
    return list(X.chunk(size))
