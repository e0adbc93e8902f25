"""No ReLU at the end.

Fails: a ReLU behind every convolution; stride and padding belong to the first one only
Says: the ReLU behind the third convolution is missing
"""


def nin_block(in_channels, out_channels, kernel_size, strides, padding):
    return nn.Sequential(
        nn.Conv2d(in_channels, out_channels, kernel_size, stride=strides, padding=padding), nn.ReLU(),
        nn.Conv2d(out_channels, out_channels, kernel_size=1), nn.ReLU(),
        nn.Conv2d(out_channels, out_channels, kernel_size=1), nn.Identity(),
    )
