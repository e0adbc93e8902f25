"""Concatenates in both cases.

Fails: stack=True makes the parts the entries of a new dim 0
Fails: a single part is merged too
"""

def merge_batches(parts, stack):
    return torch.cat(parts)
