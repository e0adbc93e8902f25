"""Right, and written into Y.

Fails: leaves its inputs unchanged
Fails: the result has storage of its own
Says: Y was changed by the call
"""

def teacher_forcing(Y, bos):
    Y[:, 1:] = Y[:, :-1].clone()
    Y[:, 0] = bos
    return Y
