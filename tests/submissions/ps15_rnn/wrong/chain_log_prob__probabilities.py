"""Returns the probabilities.

Fails: *
Says: the probabilities are returned
"""


def chain_log_prob(pi, A, x):
    steps = A.log()[x[:, :-1], x[:, 1:]]
    return (pi.log()[x[:, 0]] + steps.sum(dim=1)).exp()
