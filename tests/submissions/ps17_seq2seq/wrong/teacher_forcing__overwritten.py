"""The first token is overwritten in place.

Fails: is <bos>, and the sequence without its last token
Fails: leaves its inputs unchanged
Fails: the result has storage of its own
Says: the first token is overwritten
"""

def teacher_forcing(Y, bos):
    Y[:, 0] = bos
    return Y
