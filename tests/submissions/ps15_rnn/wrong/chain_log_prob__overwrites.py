"""Takes the logarithms in place.

Fails: gradients are right
Fails: leaves its inputs unchanged
"""


def chain_log_prob(pi, A, x):
    A, pi = A.data, pi
    steps = A.log_()[x[:, :-1], x[:, 1:]]
    return pi.log()[x[:, 0]] + steps.sum(dim=1)
