"""A loop over the starts of the parts."""

def split_batches(X, size):
    parts = []
    for start in range(0, len(X), size):
        parts.append(X[start : start + size])
    return parts
