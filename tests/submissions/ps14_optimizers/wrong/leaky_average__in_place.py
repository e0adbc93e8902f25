"""Writes over the values.

Fails: leaves its inputs unchanged
"""


def leaky_average(values, beta, corrected=False):
    averages, y = values, 0.0
    for t, x in enumerate(values, start=1):
        y = beta * y + (1 - beta) * x
        averages[t - 1] = y / (1 - beta**t) if corrected else y
    return averages
