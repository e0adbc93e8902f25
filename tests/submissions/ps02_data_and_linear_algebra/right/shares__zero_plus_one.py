"""Adds one to sums of 0 only."""


def shares(A, axis):
    total = torch.sum(A, axis, keepdim=True)
    return A.div(total + total.eq(0))
