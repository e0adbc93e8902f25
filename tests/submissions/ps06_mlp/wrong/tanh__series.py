"""The first terms of the series at 0.

Fails: *
"""

def tanh(x):
    return x - x**3 / 3
