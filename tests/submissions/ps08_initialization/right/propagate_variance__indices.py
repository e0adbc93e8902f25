"""Indices, and the backward list filled from its end."""


def propagate_variance(sizes, gammas, var_x=1.0, var_g=1.0, alpha=1.0):
    d = len(gammas)
    forward, backward = [0.0] * (d + 1), [0.0] * (d + 1)
    forward[0], backward[d] = var_x, var_g
    for t in range(1, d + 1):
        forward[t] = alpha * alpha * sizes[t - 1] * gammas[t - 1] * forward[t - 1]
    for t in range(d, 0, -1):
        backward[t - 1] = alpha * alpha * sizes[t] * gammas[t - 1] * backward[t]
    return forward, backward
