"""The first token of a copy is overwritten.

Fails: is <bos>, and the sequence without its last token
Says: the first token is overwritten
"""

def teacher_forcing(Y, bos):
    Y = Y.clone()
    Y[:, 0] = bos
    return Y
