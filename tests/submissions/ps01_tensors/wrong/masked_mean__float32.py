"""The dtype changes.

Fails: right for float64 too, which stays float64
Fails: gradients reach X
"""

def masked_mean(X, mask):
    return X.float().masked_fill(~mask, 0).sum(dim=1) / mask.sum(dim=1).clamp(min=1)
