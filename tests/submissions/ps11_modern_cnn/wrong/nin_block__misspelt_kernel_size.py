"""The parameter is called kernal_size. (000 §2.8)

Fails: may be called with in_channels, out_channels, kernel_size, strides and padding by name
"""


def nin_block(in_channels, out_channels, kernal_size, strides, padding):
    return nn.Sequential(
        nn.Conv2d(in_channels, out_channels, kernal_size, stride=strides, padding=padding), nn.ReLU(),
        nn.Conv2d(out_channels, out_channels, kernel_size=1), nn.ReLU(),
        nn.Conv2d(out_channels, out_channels, kernel_size=1), nn.ReLU(),
    )
