"""F.interpolate by areas, which is adaptive pooling.

Fails: *
"""


def adaptive_avg_pool2d(X, output_size):
    return F.interpolate(X, size=output_size, mode="area")
