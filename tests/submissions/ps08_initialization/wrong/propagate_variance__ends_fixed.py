"""Both lists begin with 1 whatever is given.

Fails: starts from var_x in front and from var_g at the end
Fails: without a layer: ([var_x], [var_g])
"""


def propagate_variance(sizes, gammas, var_x=1.0, var_g=1.0, alpha=1.0):
    forward, backward = [1.0], [1.0]
    for t in range(1, len(sizes)):
        forward.append(alpha**2 * sizes[t - 1] * gammas[t - 1] * forward[-1])
    for t in range(len(sizes) - 1, 0, -1):
        backward.insert(0, alpha**2 * sizes[t] * gammas[t - 1] * backward[0])
    return forward, backward
