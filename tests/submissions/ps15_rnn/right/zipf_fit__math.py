"""With the standard library."""


import statistics

def zipf_fit(counts, skip=0):
    points = list(enumerate(sorted(counts)[::-1], start=1))[skip:]
    xs = [math.log(i) for i, _ in points]
    ys = [math.log(n) for _, n in points]
    slope, intercept = statistics.linear_regression(xs, ys)
    return -slope, intercept
