"""Stacks whenever it can, whatever the argument says.

Fails: stack=False puts the parts one after the other along dim 0
Fails: a single part is merged too
"""

def merge_batches(parts, stack):
    same = all(part.shape == parts[0].shape for part in parts)
    return torch.stack(parts) if same else torch.cat(parts)
