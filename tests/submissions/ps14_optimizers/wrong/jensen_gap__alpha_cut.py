"""The weights are detached.

Fails: gradients are right
"""


def jensen_gap(f, X, alpha):
    return alpha.detach() @ f(X) - f(alpha.detach() @ X)
