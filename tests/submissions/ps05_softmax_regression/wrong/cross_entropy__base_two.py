"""Takes the logarithm to the base two.

Fails: *
"""

def cross_entropy(y_hat, y):
    return -torch.log2(y_hat[range(len(y)), y])
