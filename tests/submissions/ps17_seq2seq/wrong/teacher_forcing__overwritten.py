"""The first token is overwritten in place.

Fails: *
Says: the first token is overwritten
"""

def teacher_forcing(Y, bos):
    Y[:, 0] = bos
    return Y
