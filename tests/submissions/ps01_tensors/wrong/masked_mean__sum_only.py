"""The sum, not divided.

Fails: each row's mean over the entries where mask is True
Fails: a row without any True gives 0
Fails: NaN and infinity outside the mask do no harm
Fails: float32 gives float32, float64 gives float64
"""

def masked_mean(X, mask):
    return X.masked_fill(~mask, 0).sum(dim=1)
