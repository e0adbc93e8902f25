"""The graph is cut.

Fails: gradients flow through
"""

def merge_batches(parts, stack):
    parts = [part.data for part in parts]
    return torch.stack(parts) if stack else torch.cat(parts)
