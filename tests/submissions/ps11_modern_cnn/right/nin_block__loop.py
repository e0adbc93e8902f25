"""A loop over the three convolutions."""


def nin_block(in_channels, out_channels, kernel_size, strides, padding):
    layers = []
    for c, k, s, p in [(in_channels, kernel_size, strides, padding), (out_channels, 1, 1, 0), (out_channels, 1, 1, 0)]:
        layers.append(nn.Conv2d(c, out_channels, k, s, p))
        layers.append(nn.ReLU())
    return nn.Sequential(*layers)
