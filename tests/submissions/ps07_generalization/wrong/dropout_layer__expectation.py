"""Multiplies by 1 - p: the expected value without chance.

Fails: what is kept is divided by 1 - p, the rest is 0
Fails: each entry is dropped with probability p
Fails: each entry throws a coin of its own, at every call
Fails: gradients are 1/(1 - p) where an entry was kept, 0 elsewhere
Fails: keeps the dtype, and takes numbers in any memory order
Fails: leaves X and the program as they were
"""

def dropout_layer(X, dropout):
    return X * (1 - dropout)
