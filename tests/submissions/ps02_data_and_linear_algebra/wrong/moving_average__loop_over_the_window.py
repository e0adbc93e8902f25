"""A loop over the rows of a window.

Fails: no loop over time, nor over the window
"""


def moving_average(X, window):
    n = len(X) - window + 1
    total = X[:n] * 0
    for i in range(window):
        total = total + X[i : i + n]
    return total / window
