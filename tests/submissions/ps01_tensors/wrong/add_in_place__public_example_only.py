"""Right for the public example, where Y is ten times X.

Fails: X holds the sum afterwards
Fails: X keeps its storage
"""

def add_in_place(X, Y):
    X *= 11
    return X
