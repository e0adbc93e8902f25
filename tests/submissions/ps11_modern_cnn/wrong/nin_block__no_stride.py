"""The stride is left out.

Fails: a ReLU behind every convolution; stride and padding belong to the first one only
Fails: may be called with in_channels, out_channels, kernel_size, strides and padding by name
Says: the stride is left out
"""


def nin_block(in_channels, out_channels, kernel_size, strides, padding):
    return nn.Sequential(
        nn.Conv2d(in_channels, out_channels, kernel_size, padding=padding), nn.ReLU(),
        nn.Conv2d(out_channels, out_channels, kernel_size=1), nn.ReLU(),
        nn.Conv2d(out_channels, out_channels, kernel_size=1), nn.ReLU(),
    )
