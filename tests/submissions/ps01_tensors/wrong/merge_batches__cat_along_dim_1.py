"""Concatenates along dim 1.

Fails: stack=False puts the parts one after the other along dim 0
"""

def merge_batches(parts, stack):
    return torch.stack(parts) if stack else torch.cat(parts, dim=1)
