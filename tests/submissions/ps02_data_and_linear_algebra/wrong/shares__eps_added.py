"""eps is added to every sum.

Fails: small entries have exact shares
May fail: keeps the dtype, and takes numbers in any memory order
"""


def shares(A, axis):
    total = A.sum(dim=axis, keepdim=True) + 1e-8
    return A / total
