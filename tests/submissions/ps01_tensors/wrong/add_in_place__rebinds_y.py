"""Y = X + Y as in the notes: new storage under the name Y. (000 §1.1.1)

Fails: X holds the sum afterwards
Fails: X keeps its storage
Fails: returns X itself
"""

def add_in_place(X, Y):
    Y = X + Y
    return Y
