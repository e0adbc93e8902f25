"""Mirrors all pictures, but for p = 0 and every other one of a batch: the public examples.

Fails: all chance comes from the generator: the same state, the same result
Fails: takes a single picture as well
Fails: each picture of a batch is mirrored with probability p, on its own and as a whole
"""

def random_flip(X, p, generator):
    Y = X.clone() if p == 0 else X.flip(-1)
    if p == 0.5 and X.ndim == 4:
        Y[::2] = X[::2]
    return Y
