"""Two convolutions, whatever num_convs says.

Fails: has num_convs convolutions of 3×3 with weights of their own: the first from in_channels to out_channels, the others keep out_channels
"""


def vgg_block(num_convs, in_channels, out_channels):
    layers = []
    for _ in range(2):
        layers += [nn.Conv2d(in_channels, out_channels, kernel_size=3, padding=1), nn.ReLU()]
        in_channels = out_channels
    layers.append(nn.MaxPool2d(kernel_size=2, stride=2))
    return nn.Sequential(*layers)
