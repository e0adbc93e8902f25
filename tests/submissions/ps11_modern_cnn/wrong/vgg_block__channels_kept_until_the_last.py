"""All convolutions but the last keep the channels of the input, as the text of the notes has it. (000 §2.7.1)

Fails: has num_convs convolutions of 3×3 with weights of their own: the first from in_channels to out_channels, the others keep out_channels
"""


def vgg_block(num_convs, in_channels, out_channels):
    layers = []
    for _ in range(num_convs - 1):
        layers += [nn.Conv2d(in_channels, in_channels, kernel_size=3, padding=1), nn.ReLU()]
    layers += [nn.Conv2d(in_channels, out_channels, kernel_size=3, padding=1), nn.ReLU()]
    return nn.Sequential(*layers, nn.MaxPool2d(kernel_size=2, stride=2))
