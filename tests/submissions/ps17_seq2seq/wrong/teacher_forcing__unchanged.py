"""Gives Y back.

Fails: *
Says: nothing is shifted
"""

def teacher_forcing(Y, bos):
    return Y
