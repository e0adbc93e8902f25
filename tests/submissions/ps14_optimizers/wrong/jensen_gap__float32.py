"""The weights are made anew in float32.

Fails: gradients are right
Fails: keeps the dtype, and takes numbers in any memory order
"""


def jensen_gap(f, X, alpha):
    return (alpha.float() @ f(X).float() - f(alpha.float() @ X.float())).to(X.dtype)
