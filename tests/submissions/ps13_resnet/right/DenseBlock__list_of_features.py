"""Keeps a list of all features and concatenates it anew for every unit."""

class DenseBlock(nn.Module):
    def __init__(self, num_convs, input_channels, growth):
        super().__init__()
        self.n = num_convs
        for i in range(num_convs):
            setattr(self, f"unit{i}", conv_block(input_channels + i * growth, growth))

    def forward(self, X):
        features = [X]
        for i in range(self.n):
            features.append(getattr(self, f"unit{i}")(torch.cat(features, 1)))
        return torch.cat(features, 1)
