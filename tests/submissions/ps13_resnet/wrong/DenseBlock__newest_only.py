"""Gives each unit only the newest channels, and concatenates at the end.

Fails: each unit takes all channels that are there so far, and makes growth new ones
"""

class DenseBlock(nn.Module):
    def __init__(self, num_convs, input_channels, growth):
        super().__init__()
        self.units = nn.ModuleList(conv_block(input_channels if i == 0 else growth, growth) for i in range(num_convs))

    def forward(self, X):
        features = [X]
        for unit in self.units:
            features.append(unit(features[-1]))
        return torch.cat(features, dim=1)
