"""Columns before rows.

Fails: a pair is (rows above and below, columns left and right)
Says: the pair is read as (columns, rows); heights come before widths
"""

def pad2d(X, padding):
    pw, ph = pair(padding)
    h, w = X.shape[-2:]
    Y = X.new_zeros(*X.shape[:-2], h + 2 * ph, w + 2 * pw)
    Y[..., ph : ph + h, pw : pw + w] = X
    return Y
