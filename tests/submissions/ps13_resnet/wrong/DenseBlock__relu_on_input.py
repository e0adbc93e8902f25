"""Runs an in-place ReLU on the input.

Fails: with the same weights, gives the input first and the new channels behind it, in order
Fails: leaves its inputs unchanged
"""

class DenseBlock(nn.Module):
    def __init__(self, num_convs, input_channels, growth):
        super().__init__()
        self.units = nn.ModuleList()
        for i in range(num_convs):
            self.units.append(conv_block(input_channels + i * growth, growth))

    def forward(self, X):
        X = X.relu_()
        for unit in self.units:
            Y = unit(X)
            X = torch.cat((X, Y), dim=1)
        return X
