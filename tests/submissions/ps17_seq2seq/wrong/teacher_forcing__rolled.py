"""Rolled, without <bos>.

Fails: *
Says: the tokens are rolled
"""

def teacher_forcing(Y, bos):
    return Y.roll(1, dims=1)
