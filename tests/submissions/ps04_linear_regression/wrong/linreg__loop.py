"""A loop over the samples.

Fails: works on all samples and features at once
"""


def linreg(X, w, b):
    return torch.stack([x @ w + b for x in X])
