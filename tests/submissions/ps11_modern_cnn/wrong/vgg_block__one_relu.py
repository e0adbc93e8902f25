"""One ReLU at the end, none between the convolutions.

Fails: a ReLU behind every convolution, then 2×2 max pooling, for odd sizes too
Says: a ReLU stands at the end only
"""


def vgg_block(num_convs, in_channels, out_channels):
    layers = []
    for _ in range(num_convs):
        layers.append(nn.Conv2d(in_channels, out_channels, kernel_size=3, padding=1))
        in_channels = out_channels
    return nn.Sequential(*layers, nn.ReLU(), nn.MaxPool2d(kernel_size=2, stride=2))
