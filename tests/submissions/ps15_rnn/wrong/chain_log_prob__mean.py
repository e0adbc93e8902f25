"""The mean over the states.

Fails: is log pi of the first state plus log A of every step
Says: divided by the number of states
"""


def chain_log_prob(pi, A, x):
    steps = A.log()[x[:, :-1], x[:, 1:]]
    return (pi.log()[x[:, 0]] + steps.sum(dim=1)) / x.shape[1]
