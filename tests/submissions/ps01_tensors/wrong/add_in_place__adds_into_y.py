"""The sum goes into Y's storage.

Fails: X holds the sum afterwards
Fails: X keeps its storage
Fails: returns X itself
Fails: Y is left as it was
"""

def add_in_place(X, Y):
    Y += X
    return Y
