"""Picks whole rows.

Fails: entry i is y_hat[i, y[i]], shape (n,)
Fails: one sample gives the shape (1,)
Fails: right for float64 too, which stays float64
"""

def pick_probabilities(y_hat, y):
    return y_hat[y % len(y_hat)]
