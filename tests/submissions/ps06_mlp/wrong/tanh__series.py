"""The first terms of the series at 0.

Fails: *
Says: the first terms of the series
"""

def tanh(x):
    return x - x**3 / 3
