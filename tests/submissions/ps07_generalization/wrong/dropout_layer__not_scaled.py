"""Nothing is divided.

Fails: what is kept is divided by 1 - p, the rest is 0
Fails: gradients are 1/(1 - p) where an entry was kept, 0 elsewhere
Fails: keeps the dtype, and takes numbers in any memory order
Says: they should be divided by 1 - p
"""

def dropout_layer(X, dropout):
    return X * (torch.rand(X.shape) >= dropout)
