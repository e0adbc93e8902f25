"""A loop that forgets to count: it never ends.

Fails: *
"""

def add(X, Y):
    Z, i = X.clone(), 0
    while i < len(X):
        Z[i] = X[i] + Y[i]
    return Z
