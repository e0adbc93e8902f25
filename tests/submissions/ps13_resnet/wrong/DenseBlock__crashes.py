"""Makes the units under one name and looks for them under another.

Fails: gives input_channels + num_convs · growth channels, and keeps height and width
"""

class DenseBlock(nn.Module):
    def __init__(self, num_convs, input_channels, growth):
        super().__init__()
        self.units = nn.ModuleList(conv_block(input_channels + i * growth, growth) for i in range(num_convs))

    def forward(self, X):
        for unit in self.layers:
            X = torch.cat((X, unit(X)), dim=1)
        return X
