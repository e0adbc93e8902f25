"""alpha has no default.

Fails: var_x, var_g and alpha are 1 by default
"""


def propagate_variance(sizes, gammas, var_x, var_g, alpha):
    forward, backward = [var_x], [var_g]
    for t in range(1, len(sizes)):
        forward.append(alpha**2 * sizes[t - 1] * gammas[t - 1] * forward[-1])
    for t in range(len(sizes) - 1, 0, -1):
        backward.insert(0, alpha**2 * sizes[t] * gammas[t - 1] * backward[0])
    return forward, backward
