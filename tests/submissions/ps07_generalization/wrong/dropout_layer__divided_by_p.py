"""1/p for 1/(1 - p).

Fails: what is kept is divided by 1 - p, the rest is 0
Fails: gradients are 1/(1 - p) where an entry was kept, 0 elsewhere
Fails: keeps the dtype, and takes numbers in any memory order
Fails: dropout = 0 gives X, dropout = 1 gives zeros
Says: that is 1/p; 1/(1 - p) was expected
"""

def dropout_layer(X, dropout):
    mask = torch.rand(X.shape) >= dropout
    return X * mask / dropout
