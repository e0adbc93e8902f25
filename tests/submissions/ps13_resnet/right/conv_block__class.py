"""As a module of its own, the convolution defined first."""

class ConvBlock(nn.Module):
    def __init__(self, c_in, c_out):
        super().__init__()
        self.conv = nn.Conv2d(c_in, c_out, (3, 3), 1, 1)
        self.norm = nn.BatchNorm2d(c_in)

    def forward(self, X):
        return self.conv(self.norm(X).clamp(min=0))


def conv_block(c_in, c_out):
    return ConvBlock(c_in, c_out)
