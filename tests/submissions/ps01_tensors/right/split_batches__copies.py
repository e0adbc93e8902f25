"""A while loop that makes copies."""

def split_batches(X, size):
    parts, rest = [], X
    while len(rest) > 0:
        parts.append(rest[:size].clone())
        rest = rest[size:]
    return parts
