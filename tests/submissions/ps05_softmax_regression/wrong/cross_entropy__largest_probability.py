"""Ignores the labels: takes the largest probability.

Fails: *
"""

def cross_entropy(y_hat, y):
    return -torch.log(y_hat.max(dim=1).values)
