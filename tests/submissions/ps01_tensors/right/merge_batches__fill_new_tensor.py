"""Fills a new tensor part by part."""

def merge_batches(parts, stack):
    if stack:
        merged = parts[0].new_zeros(len(parts), *parts[0].shape)
        for i, part in enumerate(parts):
            merged[i] = part
        return merged
    merged = parts[0]
    for part in parts[1:]:
        merged = torch.cat((merged, part), 0)
    return merged
