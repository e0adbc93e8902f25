"""First all averages, then the correction."""


def leaky_average(values, beta, corrected=False):
    y = values * (1 - beta)
    for t in range(1, y.shape[0]):
        y[t] += beta * y[t - 1]
    if corrected:
        for t in range(y.shape[0]):
            y[t] /= 1 - beta ** (t + 1)
    return y
