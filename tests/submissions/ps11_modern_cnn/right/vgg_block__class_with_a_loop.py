"""A class with a ModuleList and functions."""


class Block(nn.Module):
    def __init__(self, num_convs, in_channels, out_channels):
        super().__init__()
        channels = [in_channels] + [out_channels] * num_convs
        self.convs = nn.ModuleList(nn.Conv2d(i, o, 3, padding=1) for i, o in zip(channels, channels[1:]))

    def forward(self, X):
        for conv in self.convs:
            X = F.relu(conv(X))
        return F.max_pool2d(X, 2)


def vgg_block(num_convs, in_channels, out_channels):
    return Block(num_convs, in_channels, out_channels)
