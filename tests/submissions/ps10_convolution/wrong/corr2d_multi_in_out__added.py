"""Adds up the output channels too.

Fails: equals the definition
Says: the output channels are added up too
"""

def corr2d_multi_in_out(X, K):
    return sum(corr2d_multi_in(X, k) for k in K)
