"""Uses the same unit again and again, on the channels it fits.

Fails: each unit takes all channels that are there so far, and makes growth new ones
"""

class DenseBlock(nn.Module):
    def __init__(self, num_convs, input_channels, growth):
        super().__init__()
        self.num_convs, self.input_channels = num_convs, input_channels
        self.unit = conv_block(input_channels, growth)

    def forward(self, X):
        for _ in range(self.num_convs):
            X = torch.cat((X, self.unit(X[:, : self.input_channels])), dim=1)
        return X
