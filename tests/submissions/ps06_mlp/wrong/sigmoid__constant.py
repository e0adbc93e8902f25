"""A half everywhere.

Fails: *
"""

def sigmoid(x):
    return 0 * x + 0.5
