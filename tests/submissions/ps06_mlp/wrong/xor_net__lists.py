"""Nested lists in place of tensors.

Fails: *
"""

def xor_net():
    return [[[1.0, 1.0], [1.0, 1.0]], [0.0, -1.0], [[0.0, 1.0], [0.0, -2.0]], [0.5, 0.0]]
