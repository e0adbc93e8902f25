"""The first block and the rest by a comprehension, positional arguments."""

def resnet_block(input_channels, num_channels, num_residuals, first_block=False):
    first = Residual(input_channels, num_channels, not first_block, 1 if first_block else 2)
    rest = [Residual(num_channels, num_channels) for _ in range(num_residuals - 1)]
    return nn.Sequential(first, *rest)
