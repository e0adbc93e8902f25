"""1 - β^(t-1).

Fails: the correction divides y_t by 1 - β^t, and y_t itself goes on
Fails: takes no values at all, and β = 0
Fails: keeps the dtype, and takes numbers in any memory order
Fails: leaves its inputs unchanged
Fails: gives the same when it is called again, and leaves the program as it was
Says: 1 - β^(t-1)
"""


def leaky_average(values, beta, corrected=False):
    averages, y = torch.zeros_like(values), 0.0
    for t, x in enumerate(values, start=1):
        y = beta * y + (1 - beta) * x
        averages[t - 1] = y / (1 - beta ** (t - 1) if t > 1 else 1) if corrected else y
    return averages
