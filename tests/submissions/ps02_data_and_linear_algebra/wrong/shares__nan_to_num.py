"""nan_to_num after the division.

Fails: the gradient is finite where a sum is 0
"""


def shares(A, axis):
    return (A / A.sum(dim=axis, keepdim=True)).nan_to_num(0.0)
