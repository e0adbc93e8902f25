"""Layers that find out for themselves how many channels come in."""


def vgg_block(num_convs, in_channels, out_channels):
    net = nn.Sequential()
    for i in range(num_convs):
        net.add_module(f"conv{i}", nn.LazyConv2d(out_channels, (3, 3), padding="same"))
        net.add_module(f"relu{i}", nn.ReLU(inplace=True))
    net.add_module("pool", nn.MaxPool2d(2, 2))
    return net
