"""Zeros are written into X.

Fails: leaves X and the program as they were
May fail: what is kept is divided by 1 - p, the rest is 0
May fail: keeps the dtype, and takes numbers in any memory order
May fail: gradients are 1/(1 - p) where an entry was kept, 0 elsewhere
"""

def dropout_layer(X, dropout):
    X[torch.rand(X.shape) < dropout] = 0
    return X / (1 - dropout) if dropout < 1 else X * 1
