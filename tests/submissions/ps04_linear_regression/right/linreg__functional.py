"""nn.functional.linear; the exercise does not exclude it."""


def linreg(X, w, b):
    return nn.functional.linear(X, w.T, b)
