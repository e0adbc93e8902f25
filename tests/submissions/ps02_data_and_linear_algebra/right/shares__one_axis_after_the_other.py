"""One axis after the other, with keepdim."""


def shares(A, axis):
    total = A
    for one in axis if isinstance(axis, (list, tuple)) else [axis]:
        total = total.sum(dim=one, keepdim=True)
    return A * (1 / (total + (total == 0).to(A.dtype)))
