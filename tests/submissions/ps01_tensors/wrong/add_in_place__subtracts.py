"""The wrong sign.

Fails: X holds the sum afterwards
Fails: X keeps its storage
"""

def add_in_place(X, Y):
    X -= Y
    return X
