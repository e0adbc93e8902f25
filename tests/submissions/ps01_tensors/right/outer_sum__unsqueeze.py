"""unsqueeze for the column."""

def outer_sum(a, b):
    return a.unsqueeze(1) + b.unsqueeze(0)
