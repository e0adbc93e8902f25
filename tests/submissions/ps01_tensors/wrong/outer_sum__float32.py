"""The dtype changes.

Fails: float64 and int64 stay what they are
Fails: gradients reach a and b
"""

def outer_sum(a, b):
    return a.float()[:, None] + b.float()
