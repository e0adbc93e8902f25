"""One convolution, put into the list several times.

Fails: has num_convs convolutions of 3×3 with weights of their own: the first from in_channels to out_channels, the others keep out_channels
"""


def vgg_block(num_convs, in_channels, out_channels):
    first = [nn.Conv2d(in_channels, out_channels, kernel_size=3, padding=1), nn.ReLU()]
    others = [nn.Conv2d(out_channels, out_channels, kernel_size=3, padding=1), nn.ReLU()] * (num_convs - 1)
    return nn.Sequential(*first, *others, nn.MaxPool2d(kernel_size=2, stride=2))
