"""A loop over rows that takes Y's rows one by one: fails when Y broadcasts.

Fails: X holds the sum afterwards
"""

def add_in_place(X, Y):
    for i in range(len(X)):
        X[i] += Y[i]
    return X
