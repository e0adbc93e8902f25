"""Only the first of several axes is summed.

Fails: several axes at once, and axes counted from the end
May fail: where a sum is 0, the shares are 0
May fail: the gradient is finite where a sum is 0
"""


def shares(A, axis):
    one = axis[0] if isinstance(axis, (list, tuple)) else axis
    total = A.sum(dim=one, keepdim=True)
    return A / total.masked_fill(total == 0, 1)
