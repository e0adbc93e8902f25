"""Lets unit i make (i + 1) · growth channels.

Fails: gives input_channels + num_convs · growth channels, and keeps height and width
Fails: each unit takes all channels that are there so far, and makes growth new ones
"""

class DenseBlock(nn.Module):
    def __init__(self, num_convs, input_channels, growth):
        super().__init__()
        self.units, channels = nn.ModuleList(), input_channels
        for i in range(num_convs):
            self.units.append(conv_block(channels, (i + 1) * growth))
            channels += (i + 1) * growth

    def forward(self, X):
        for unit in self.units:
            X = torch.cat((X, unit(X)), dim=1)
        return X
