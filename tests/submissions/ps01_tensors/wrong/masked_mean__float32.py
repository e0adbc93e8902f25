"""The dtype changes.

Fails: float32 gives float32, float64 gives float64
Fails: gradients reach X
"""

def masked_mean(X, mask):
    return X.float().masked_fill(~mask, 0).sum(dim=1) / mask.sum(dim=1).clamp(min=1)
