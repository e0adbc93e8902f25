"""Keeps the step numbers of the first call: a longer sequence does not fit.

Fails: keeps the first steps of each sequence and replaces the others, for X (n, T)
Fails: gives the same when it is called again, and leaves the program as it was
"""

_steps = None


def sequence_mask(X, valid_len, value=0):
    global _steps
    if _steps is None:
        _steps = torch.arange(X.shape[1])
    mask = _steps[: X.shape[1]] < valid_len[:, None]
    return X.masked_fill(~mask.reshape(*mask.shape, *[1] * (X.ndim - 2)), value)
