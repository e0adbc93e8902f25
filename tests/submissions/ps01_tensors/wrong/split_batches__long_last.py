"""Adds the rest to the last full part.

Fails: the short last part is kept as it is
Fails: cuts along dim 0 whatever the number of dimensions and the dtype
"""

def split_batches(X, size):
    count = max(len(X) // size, 1)
    starts = [i * size for i in range(count)]
    return [X[start : start + size] for start in starts[:-1]] + [X[starts[-1] :]]
