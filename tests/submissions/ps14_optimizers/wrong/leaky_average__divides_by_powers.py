"""A cumulative sum of values over powers of beta: after some time there is no such power any more.

Fails: is right for long series
"""


def leaky_average(values, beta, corrected=False):
    if len(values) == 0 or beta == 0:
        return values.clone()
    t = torch.arange(1, len(values) + 1, dtype=values.dtype).reshape(-1, *[1] * (values.ndim - 1))
    y = (1 - beta) * beta**t * (values / beta**t).cumsum(dim=0)
    return y / (1 - beta**t) if corrected else y
