"""Lazy layers."""


def nin_block(in_channels, out_channels, kernel_size, strides, padding):
    return nn.Sequential(
        nn.LazyConv2d(out_channels, kernel_size, strides, padding), nn.ReLU(), nn.LazyConv2d(out_channels, kernel_size=1), nn.ReLU(inplace=True),
        nn.LazyConv2d(out_channels, kernel_size=1), nn.ReLU(inplace=True))
