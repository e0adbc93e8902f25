"""Nothing is merged.

Fails: each group of twins becomes one unit, with the sum of their outgoing weights
Fails: units with equal rows and different biases are left apart
Fails: only what is exactly equal is merged
Fails: all units equal: one is left; all different: all are left
Fails: one input or one output
Fails: keeps the dtype, and takes weights in any memory order
Fails: leaves its inputs unchanged
Fails: gives the same when it is called again, and leaves the program as it was
Says: nothing is merged
"""


def merge_twins(W1, b1, W2):
    return W1.clone(), b1.clone(), W2.clone()
