"""Detaches the result: no gradient flows back.

Fails: gradients reach both inputs
"""

def add(X, Y):
    return (X + Y).detach()
