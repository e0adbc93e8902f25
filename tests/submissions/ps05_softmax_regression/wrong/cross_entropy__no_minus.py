"""The minus is missing. (003 §8.2)

Fails: *
"""

def cross_entropy(y_hat, y):
    return torch.log(y_hat[range(len(y)), y])
