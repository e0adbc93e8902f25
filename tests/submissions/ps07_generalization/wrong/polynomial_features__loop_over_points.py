"""A loop over the points, powers as Python numbers: no gradient.

Fails: gradients are right
Fails: works on all points at once
Fails: keeps the dtype, and takes numbers in any memory order
"""

def polynomial_features(x, degree):
    rows = [[float(v) ** k for k in range(1, degree + 1)] for v in x]
    return torch.tensor(rows).reshape(len(x), degree)
