"""d numbers: neither the input nor the last gradient is listed.

Fails: forward: n of the layer in front times γ
Fails: backward: n of the layer behind times γ, in the order of the layers
Fails: the activation's slope acts as α², forward and backward
Fails: starts from var_x in front and from var_g at the end
Fails: without a layer: ([var_x], [var_g])
Fails: var_x, var_g and alpha are 1 by default
Fails: gives the same when it is called again, and leaves the program as it was
May fail: leaves its lists unchanged
"""


def propagate_variance(sizes, gammas, var_x=1.0, var_g=1.0, alpha=1.0):
    forward, backward = [var_x], [var_g]
    for t in range(1, len(sizes)):
        forward.append(alpha**2 * sizes[t - 1] * gammas[t - 1] * forward[-1])
    for t in range(len(sizes) - 1, 0, -1):
        backward.insert(0, alpha**2 * sizes[t] * gammas[t - 1] * backward[0])
    return forward[1:], backward[:-1]
