"""Makes each unit once for each pair of sizes, and hands out the same one again.

Fails: gradients are right, for inputs and weights
Fails: keeps the dtype, and takes numbers in any memory order
Fails: gives the same when it is called again, and shares nothing with a second object
"""

import functools


@functools.cache
def conv_block(c_in, c_out):
    return nn.Sequential(nn.BatchNorm2d(c_in), nn.ReLU(), nn.Conv2d(c_in, c_out, kernel_size=3, padding=1))
