"""Leaves the first state out.

Fails: is log pi of the first state plus log A of every step
Fails: is −inf where the chain cannot go, never NaN
Says: the probability of the first state is left out
"""


def chain_log_prob(pi, A, x):
    steps = A.log()[x[:, :-1], x[:, 1:]]
    return steps.sum(dim=1)
