"""Windows one behind the other.

Fails: row t of the features holds x_t … x_{t+tau−1}, oldest first
Fails: the labels are what comes next, in a column
"""


def autoregressive_data(x, tau):
    n = (len(x) - 1) // tau
    return x[: n * tau].reshape(n, tau), x[tau :: tau][:n, None]
