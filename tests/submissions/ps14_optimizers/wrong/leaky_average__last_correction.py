"""All averages get the correction of the last.

Fails: the correction divides y_t by 1 - β^t, and y_t itself goes on
Says: get the correction of the last
"""


def leaky_average(values, beta, corrected=False):
    out, y = torch.zeros_like(values), 0
    for t, x in enumerate(values):
        y = beta * y + (1 - beta) * x
        out[t] = y / (1 - beta ** len(values)) if corrected else y
    return out
