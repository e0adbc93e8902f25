"""Lets the last block halve, not the first.

Fails: halves height and width once; with first_block=True keeps them
Fails: leaves its inputs unchanged
"""

def resnet_block(input_channels, num_channels, num_residuals, first_block=False):
    blocks = []
    for i in range(num_residuals):
        if i == num_residuals - 1 and not first_block:
            blocks.append(Residual(input_channels, num_channels, use_1x1conv=True, strides=2))
        else:
            blocks.append(Residual(num_channels, num_channels))
    return nn.Sequential(*blocks)
