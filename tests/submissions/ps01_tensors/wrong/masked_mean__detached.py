"""The graph is cut.

Fails: gradients reach X
"""

def masked_mean(X, mask):
    return X.data.masked_fill(~mask, 0).sum(dim=1) / mask.sum(dim=1).clamp(min=1)
