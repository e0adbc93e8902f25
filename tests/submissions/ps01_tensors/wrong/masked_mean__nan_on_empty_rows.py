"""0/0 in a row without any True.

Fails: a row without any True gives 0
"""

def masked_mean(X, mask):
    return X.masked_fill(~mask, 0).sum(dim=1) / mask.sum(dim=1)
