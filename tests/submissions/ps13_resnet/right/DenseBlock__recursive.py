"""One unit and the rest of the block, which is a smaller DenseBlock."""

class DenseBlock(nn.Module):
    def __init__(self, num_convs, input_channels, growth):
        super().__init__()
        self.unit = conv_block(input_channels, growth)
        self.rest = DenseBlock(num_convs - 1, input_channels + growth, growth) if num_convs > 1 else nn.Identity()

    def forward(self, X):
        return self.rest(torch.cat((X, self.unit(X)), dim=1))
