"""Breaks where there are no values.

Fails: takes no values at all, and β = 0
"""


def leaky_average(values, beta, corrected=False):
    averages, y = torch.zeros_like(values), 0 * values[0]
    for t, x in enumerate(values, start=1):
        y = beta * y + (1 - beta) * x
        averages[t - 1] = y / (1 - beta**t) if corrected else y
    return averages
