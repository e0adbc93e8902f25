"""Changes the channels and forgets the stride.

Fails: halves height and width once; with first_block=True keeps them
"""

def resnet_block(input_channels, num_channels, num_residuals, first_block=False):
    blocks = []
    for i in range(num_residuals):
        if i == 0 and not first_block:
            blocks.append(Residual(input_channels, num_channels, use_1x1conv=True))
        else:
            blocks.append(Residual(num_channels, num_channels))
    return nn.Sequential(*blocks)
