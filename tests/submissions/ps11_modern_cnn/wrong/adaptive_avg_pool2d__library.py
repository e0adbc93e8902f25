"""The layer of the library.

Fails: *
"""


def adaptive_avg_pool2d(X, output_size):
    return nn.AdaptiveAvgPool2d(output_size)(X)
