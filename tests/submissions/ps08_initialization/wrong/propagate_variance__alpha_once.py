"""α for α².

Fails: the activation's slope acts as α², forward and backward
Fails: var_x, var_g and alpha are 1 by default
Says: α stands where α² belongs
"""


def propagate_variance(sizes, gammas, var_x=1.0, var_g=1.0, alpha=1.0):
    forward, backward = [var_x], [var_g]
    for t in range(1, len(sizes)):
        forward.append(alpha * sizes[t - 1] * gammas[t - 1] * forward[-1])
    for t in range(len(sizes) - 1, 0, -1):
        backward.insert(0, alpha * sizes[t] * gammas[t - 1] * backward[0])
    return forward, backward
