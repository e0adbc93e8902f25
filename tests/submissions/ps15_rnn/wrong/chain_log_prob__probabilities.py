"""Returns the probabilities.

Fails: is log pi of the first state plus log A of every step
Fails: is −inf where the chain cannot go, never NaN
Says: the probabilities are returned
"""


def chain_log_prob(pi, A, x):
    steps = A.log()[x[:, :-1], x[:, 1:]]
    return (pi.log()[x[:, 0]] + steps.sum(dim=1)).exp()
