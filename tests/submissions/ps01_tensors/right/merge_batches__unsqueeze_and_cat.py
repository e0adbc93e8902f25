"""Stacking as concatenation of parts with one dimension more."""

def merge_batches(parts, stack):
    if stack:
        parts = [part.unsqueeze(0) for part in parts]
    return torch.concatenate(parts)
