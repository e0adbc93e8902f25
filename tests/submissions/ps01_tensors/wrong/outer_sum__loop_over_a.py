"""A loop over the entries of a.

Fails: no loop over the entries of a or b
"""

def outer_sum(a, b):
    return torch.stack([x + b for x in a])
