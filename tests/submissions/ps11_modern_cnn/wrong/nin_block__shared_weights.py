"""One 1×1 convolution, used twice.

Fails: has a convolution from in_channels to out_channels, and two of 1×1 that keep out_channels, with weights of their own
"""


def nin_block(in_channels, out_channels, kernel_size, strides, padding):
    mix = nn.Conv2d(out_channels, out_channels, kernel_size=1)
    return nn.Sequential(nn.Conv2d(in_channels, out_channels, kernel_size, stride=strides, padding=padding), nn.ReLU(), mix, nn.ReLU(), mix, nn.ReLU())
