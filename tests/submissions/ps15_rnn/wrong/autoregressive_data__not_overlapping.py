"""Windows one behind the other.

Fails: *
"""


def autoregressive_data(x, tau):
    n = (len(x) - 1) // tau
    return x[: n * tau].reshape(n, tau), x[tau :: tau][:n, None]
