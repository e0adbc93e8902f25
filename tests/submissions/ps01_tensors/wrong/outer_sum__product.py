"""A product in place of the sum.

Fails: entry [i, j] is a[i] + b[j]
Fails: float64 and int64 stay what they are
"""

def outer_sum(a, b):
    return a[:, None] * b[None, :]
