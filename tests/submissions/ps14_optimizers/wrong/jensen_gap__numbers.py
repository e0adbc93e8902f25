"""Python numbers: no gradient.

Fails: gradients are right
"""


def jensen_gap(f, X, alpha):
    mean = sum(float(a) * float(f(x)) for a, x in zip(alpha, X))
    return torch.tensor(mean - float(f(alpha @ X)), dtype=X.dtype)
