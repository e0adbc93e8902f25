"""One mask for all rows.

Fails: each entry throws a coin of its own, at every call
May fail: each entry is dropped with probability p
May fail: what is kept is divided by 1 - p, the rest is 0
May fail: keeps the dtype, and takes numbers in any memory order
Says: each entry has a coin of its own
"""

def dropout_layer(X, dropout):
    if dropout == 1:
        return torch.zeros_like(X)
    mask = torch.rand(X.shape[-1]) >= dropout
    return X * mask / (1 - dropout)
