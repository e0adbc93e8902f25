"""The right number of parts, but chunk evens their sizes out.

Fails: the short last part is kept as it is
Fails: cuts along dim 0 whatever the number of dimensions and the dtype
"""

def split_batches(X, size):
    return list(X.chunk(-(-len(X) // size)))
