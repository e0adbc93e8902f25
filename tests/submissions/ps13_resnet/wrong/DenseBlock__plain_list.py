"""Keeps the units in a Python list.

Fails: each unit takes all channels that are there so far, and makes growth new ones
"""

class DenseBlock(nn.Module):
    def __init__(self, num_convs, input_channels, growth):
        super().__init__()
        self.units = []
        for i in range(num_convs):
            self.units.append(conv_block(input_channels + i * growth, growth))

    def forward(self, X):
        for unit in self.units:
            Y = unit(X)
            X = torch.cat((X, Y), dim=1)
        return X
