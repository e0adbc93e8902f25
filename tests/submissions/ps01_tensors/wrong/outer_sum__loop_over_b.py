"""A loop over the entries of b.

Fails: no loop over the entries of a or b
"""

def outer_sum(a, b):
    return torch.stack([a + y for y in b], dim=1)
