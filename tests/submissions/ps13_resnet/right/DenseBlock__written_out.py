"""Without conv_block, the layers of the units written out."""

class DenseBlock(nn.Module):
    def __init__(self, num_convs, input_channels, growth):
        super().__init__()
        channels = [input_channels + i * growth for i in range(num_convs)]
        self.convs = nn.ModuleList(nn.Conv2d(c, growth, 3, padding=1) for c in channels)
        self.norms = nn.ModuleList(nn.BatchNorm2d(c) for c in channels)

    def forward(self, X):
        for norm, conv in zip(self.norms, self.convs):
            X = torch.cat((X, conv(torch.relu(norm(X)))), dim=1)
        return X
