"""Writes the first column back into a.

Fails: a and b are left as they were
"""

def outer_sum(a, b):
    out = a[:, None] + b
    with torch.no_grad():
        a += b[0]
    return out
