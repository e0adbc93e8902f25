"""Makes each stage once, and hands out the same one again.

Fails: gradients are right, for inputs and weights
Fails: keeps the dtype, and takes numbers in any memory order
Fails: gives the same when it is called again, and shares nothing with a second object
"""

import functools


@functools.cache
def resnet_block(input_channels, num_channels, num_residuals, first_block=False):
    blocks = []
    for i in range(num_residuals):
        if i == 0 and not first_block:
            blocks.append(Residual(input_channels, num_channels, use_1x1conv=True, strides=2))
        else:
            blocks.append(Residual(num_channels, num_channels))
    return nn.Sequential(*blocks)
