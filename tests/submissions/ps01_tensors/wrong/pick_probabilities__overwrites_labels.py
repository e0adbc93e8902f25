"""Turns the labels into flat positions, in place.

Fails: no loop over the samples
Fails: y_hat and y are left as they were
"""

def pick_probabilities(y_hat, y):
    for i in range(len(y)):
        y[i] += i * y_hat.shape[1]
    return y_hat.reshape(-1)[y]
