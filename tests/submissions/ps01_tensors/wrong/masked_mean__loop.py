"""A loop over the rows.

Fails: no loop over the rows
"""

def masked_mean(X, mask):
    return torch.stack([x[m].mean() if m.any() else x.new_zeros(()) for x, m in zip(X, mask)])
