"""X * Y.

Fails: *
May fail: vector times vector, matrix times vector, vector times matrix
May fail: whole numbers too, and sums of nothing are 0
May fail: no loop over any dimension
"""


def matmul(X, Y):
    return X * Y
