"""Adds 1e-12 in front of the logarithm: −27 for what cannot happen.

Fails: is −inf where the chain cannot go, never NaN
Says: and the logarithm of it −inf
"""


def chain_log_prob(pi, A, x):
    steps = (A + 1e-12).log()[x[:, :-1], x[:, 1:]]
    return (pi + 1e-12).log()[x[:, 0]] + steps.sum(dim=1)
