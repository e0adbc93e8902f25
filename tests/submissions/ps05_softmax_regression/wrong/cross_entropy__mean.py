"""Returns the mean over the batch.

Fails: *
"""

def cross_entropy(y_hat, y):
    return -torch.log(y_hat[range(len(y)), y]).mean()
