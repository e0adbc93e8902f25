"""Indexes with [:, y]: every row with every label.

Fails: *
"""

def cross_entropy(y_hat, y):
    return -torch.log(y_hat[:, y])
