"""Loops over the samples.

Fails: works on all rows at once
"""

def cross_entropy(y_hat, y):
    return torch.stack([-torch.log(y_hat[i, y[i]]) for i in range(len(y))])
