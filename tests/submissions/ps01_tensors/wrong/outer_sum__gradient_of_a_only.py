"""b is taken as a constant.

Fails: gradients reach a and b
"""

def outer_sum(a, b):
    return a[:, None] + b.data
