"""Turns the caller's lists round.

Fails: leaves its lists unchanged
May fail: gives the same when it is called again, and leaves the program as it was
"""


def propagate_variance(sizes, gammas, var_x=1.0, var_g=1.0, alpha=1.0):
    forward, backward = [var_x], [var_g]
    for n_in, gamma in zip(sizes, gammas):
        forward.append(alpha**2 * n_in * gamma * forward[-1])
    sizes.reverse()
    gammas.reverse()
    for n_out, gamma in zip(sizes, gammas):
        backward.append(alpha**2 * n_out * gamma * backward[-1])
    return forward, backward[::-1]
