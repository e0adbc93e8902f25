"""All three convolutions are padded.

Fails: a ReLU behind every convolution; stride and padding belong to the first one only
Fails: may be called with in_channels, out_channels, kernel_size, strides and padding by name
Says: all three convolutions are padded
"""


def nin_block(in_channels, out_channels, kernel_size, strides, padding):
    return nn.Sequential(
        nn.Conv2d(in_channels, out_channels, kernel_size, stride=strides, padding=padding), nn.ReLU(),
        nn.Conv2d(out_channels, out_channels, kernel_size=1, padding=padding), nn.ReLU(),
        nn.Conv2d(out_channels, out_channels, kernel_size=1, padding=padding), nn.ReLU(),
    )
