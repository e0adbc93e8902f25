"""The first token of a copy is overwritten.

Fails: *
Says: the first token is overwritten
"""

def teacher_forcing(Y, bos):
    Y = Y.clone()
    Y[:, 0] = bos
    return Y
