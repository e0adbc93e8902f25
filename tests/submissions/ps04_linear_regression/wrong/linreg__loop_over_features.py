"""A loop over the features.

Fails: works on all samples and features at once
"""


def linreg(X, w, b):
    out = b.expand(len(X)).reshape(-1, 1)
    for j in range(X.shape[1]):
        out = out + X[:, j : j + 1] * w[j]
    return out
