"""Average pooling, as in LeNet.

Fails: a ReLU behind every convolution, then 2×2 max pooling, for odd sizes too
Says: the mean of each window
"""


def vgg_block(num_convs, in_channels, out_channels):
    layers = []
    for _ in range(num_convs):
        layers += [nn.Conv2d(in_channels, out_channels, kernel_size=3, padding=1), nn.ReLU()]
        in_channels = out_channels
    layers.append(nn.AvgPool2d(kernel_size=2, stride=2))
    return nn.Sequential(*layers)
