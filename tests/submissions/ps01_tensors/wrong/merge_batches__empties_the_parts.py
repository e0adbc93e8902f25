"""Sets the parts to zero when done.

Fails: the parts are left as they were
"""

def merge_batches(parts, stack):
    merged = torch.stack(parts) if stack else torch.cat(parts)
    with torch.no_grad():
        for part in parts:
            part.zero_()
    return merged
