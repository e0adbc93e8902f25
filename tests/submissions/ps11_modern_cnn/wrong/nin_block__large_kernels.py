"""All three convolutions have the large kernel.

Fails: has a convolution from in_channels to out_channels, and two of 1×1 that keep out_channels, with weights of their own
"""


def nin_block(in_channels, out_channels, kernel_size, strides, padding):
    return nn.Sequential(
        nn.Conv2d(in_channels, out_channels, kernel_size, stride=strides, padding=padding), nn.ReLU(),
        nn.Conv2d(out_channels, out_channels, kernel_size, padding='same'), nn.ReLU(),
        nn.Conv2d(out_channels, out_channels, kernel_size, padding='same'), nn.ReLU(),
    )
