"""A class."""


class NinBlock(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size, strides, padding):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, kernel_size, strides, padding)
        self.mlp1 = nn.Conv2d(out_channels, out_channels, 1)
        self.mlp2 = nn.Conv2d(out_channels, out_channels, 1)

    def forward(self, X):
        return self.mlp2(self.mlp1(self.conv(X).relu()).relu()).clamp(min=0)


def nin_block(in_channels, out_channels, kernel_size, strides, padding):
    return NinBlock(in_channels, out_channels, kernel_size, strides, padding)
