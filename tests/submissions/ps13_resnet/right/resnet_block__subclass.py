"""A subclass of nn.Sequential."""

class Stage(nn.Sequential):
    def __init__(self, input_channels, num_channels, num_residuals, first_block):
        super().__init__()
        for i in range(num_residuals):
            down = i == 0 and not first_block
            self.append(Residual(input_channels if down else num_channels, num_channels, use_1x1conv=down, strides=1 + down))


def resnet_block(input_channels, num_channels, num_residuals, first_block=False):
    return Stage(input_channels, num_channels, num_residuals, first_block)
