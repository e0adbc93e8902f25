"""Divides each loss by the batch size.

Fails: *
"""

def cross_entropy(y_hat, y):
    return -torch.log(y_hat[range(len(y)), y]) / len(y)
