"""Computes without a graph.

Fails: gradients are right
"""


def chain_log_prob(pi, A, x):
    pi, A = pi.detach(), A.detach()
    steps = A.log()[x[:, :-1], x[:, 1:]]
    return pi.log()[x[:, 0]] + steps.sum(dim=1)
