"""Casts to float32.

Fails: keeps the dtype, and takes probabilities in any memory order
Fails: gradients are right
"""

def cross_entropy(y_hat, y):
    return -torch.log(y_hat.float()[range(len(y)), y])
