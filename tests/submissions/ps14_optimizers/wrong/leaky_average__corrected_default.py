"""Corrected by default.

Fails: corrects only where it is asked to
Says: whether it is asked for or not
"""


def leaky_average(values, beta, corrected=True):
    averages, y = torch.zeros_like(values), 0.0
    for t, x in enumerate(values, start=1):
        y = beta * y + (1 - beta) * x
        averages[t - 1] = y / (1 - beta**t) if corrected else y
    return averages
