"""Returns X and does nothing.

Fails: X holds the sum afterwards
Fails: X keeps its storage
"""

def add_in_place(X, Y):
    return X
