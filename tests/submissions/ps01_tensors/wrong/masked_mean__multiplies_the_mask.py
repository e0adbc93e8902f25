"""NaN times zero is NaN.

Fails: NaN and infinity outside the mask do no harm
"""

def masked_mean(X, mask):
    return (X * mask).sum(dim=1) / mask.sum(dim=1).clamp(min=1)
