"""The first convolution, then a block of the others."""


def vgg_block(num_convs, in_channels, out_channels):
    if num_convs == 0:
        return nn.MaxPool2d(kernel_size=2, stride=2)
    first = nn.Conv2d(in_channels, out_channels, kernel_size=3, padding=1)
    return nn.Sequential(first, nn.ReLU(), vgg_block(num_convs - 1, out_channels, out_channels))
