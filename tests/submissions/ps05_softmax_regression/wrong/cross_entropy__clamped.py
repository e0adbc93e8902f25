"""Clamps the probabilities: a label of probability 0 costs 27.6 and not infinity.

Fails: gives +inf for a label of probability 0, and never NaN
"""

def cross_entropy(y_hat, y):
    return -torch.log(y_hat[range(len(y)), y].clamp_min(1e-12))
