"""dropout taken for the share that is kept.

Fails: what is kept is divided by 1 - p, the rest is 0
Fails: each entry is dropped with probability p
Fails: each entry throws a coin of its own, at every call
Fails: dropout = 0 gives X, dropout = 1 gives zeros
Fails: gradients are 1/(1 - p) where an entry was kept, 0 elsewhere
Fails: keeps the dtype, and takes numbers in any memory order
Says: as if dropout were the share that is kept
"""

def dropout_layer(X, dropout):
    if dropout == 0:
        return torch.zeros_like(X)
    mask = torch.rand(X.shape) < dropout
    return X * mask / dropout
