"""Always corrected.

Fails: each y_t is β y_(t-1) + (1 - β) x_t, from 0
Fails: corrects only where it is asked to
Fails: keeps the dtype, and takes numbers in any memory order
Fails: leaves its inputs unchanged
Fails: gives the same when it is called again, and leaves the program as it was
Says: whether it is asked for or not
"""


def leaky_average(values, beta, corrected=False):
    averages, y = torch.zeros_like(values), 0.0
    for t, x in enumerate(values, start=1):
        y = beta * y + (1 - beta) * x
        averages[t - 1] = y / (1 - beta**t)
    return averages
