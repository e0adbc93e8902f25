"""itertools.accumulate, and tuples turned into lists."""


def propagate_variance(sizes, gammas, var_x=1.0, var_g=1.0, alpha=1.0):
    from itertools import accumulate
    from operator import mul

    there = [alpha**2 * n * g for n, g in zip(sizes[:-1], gammas)]
    back = [alpha**2 * n * g for n, g in zip(sizes[1:], gammas)]
    return list(accumulate(there, mul, initial=var_x)), list(accumulate(back[::-1], mul, initial=var_g))[::-1]
