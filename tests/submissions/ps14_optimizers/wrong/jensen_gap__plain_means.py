"""Plain means, the weights are not used.

Fails: is the mean of the values minus the value at the mean
Fails: is negative where f is not convex
Fails: gradients are right
Fails: keeps the dtype, and takes numbers in any memory order
Fails: leaves its inputs unchanged
Fails: gives the same when it is called again, and leaves the program as it was
Says: plain means are taken
"""


def jensen_gap(f, X, alpha):
    return f(X).mean() - f(X.mean(dim=0))
