"""α² acts once at the end.

Fails: the activation's slope acts as α², forward and backward
Says: α² acts once
"""


def propagate_variance(sizes, gammas, var_x=1.0, var_g=1.0, alpha=1.0):
    f, b = [var_x], [var_g]
    for n, g in zip(sizes, gammas):
        f.append(f[-1] * n * g)
    for n, g in zip(sizes[:0:-1], gammas[::-1]):
        b.insert(0, b[0] * n * g)
    return [f[0]] + [alpha**2 * v for v in f[1:]], [alpha**2 * v for v in b[:-1]] + [b[-1]]
