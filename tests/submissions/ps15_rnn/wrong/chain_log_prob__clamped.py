"""Clamps probabilities to 1e-30.

Fails: is −inf where the chain cannot go, never NaN
"""


def chain_log_prob(pi, A, x):
    steps = A.clamp(min=1e-30).log()[x[:, :-1], x[:, 1:]]
    return pi.clamp(min=1e-30).log()[x[:, 0]] + steps.sum(dim=1)
