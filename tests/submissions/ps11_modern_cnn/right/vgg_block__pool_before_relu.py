"""The last ReLU behind the pooling: the largest number is the same either way."""


def vgg_block(num_convs, in_channels, out_channels):
    relu = nn.ReLU()
    layers = [nn.Conv2d(in_channels, out_channels, 3, 1, 1)]
    for _ in range(num_convs - 1):
        layers.extend([relu, nn.Conv2d(out_channels, out_channels, 3, 1, 1)])
    return nn.Sequential(*layers, nn.MaxPool2d(2), relu)
