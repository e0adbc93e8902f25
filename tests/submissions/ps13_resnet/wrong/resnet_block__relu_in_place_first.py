"""Begins every stage with a ReLU that writes into the input.

Fails: with the same weights, gives what its blocks give one after the other
Fails: leaves its inputs unchanged
"""


def resnet_block(input_channels, num_channels, num_residuals, first_block=False):
    blocks = [nn.ReLU(inplace=True)]
    for i in range(num_residuals):
        if i == 0 and not first_block:
            blocks.append(Residual(input_channels, num_channels, use_1x1conv=True, strides=2))
        else:
            blocks.append(Residual(num_channels, num_channels))
    return nn.Sequential(*blocks)
