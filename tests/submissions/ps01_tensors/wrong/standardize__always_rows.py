"""dim is ignored: always along the last dimension.

Fails: the columns of a matrix (dim=0) have mean 0 and variance 1
Fails: works along any dim of any tensor
Fails: where all numbers are equal the result is 0
Fails: a large mean does no harm
Fails: a small spread becomes variance 1 too
Fails: right for float64 too, which stays float64
"""

def standardize(X, dim):
    std = X.std(-1, correction=0, keepdim=True)
    return (X - X.mean(-1, keepdim=True)) / std.masked_fill(std == 0, 1)
