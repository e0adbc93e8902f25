"""The first BatchNorm, of layers with own names, in a Residual that forgets its skip.

Fails: a fresh block becomes the identity on non-negative input, in training and in evaluation mode
Fails: the silenced block can still learn
"""

class Residual(nn.Module):
    def __init__(self, input_channels, num_channels, use_1x1conv=False, strides=1):
        super().__init__()
        self.first = nn.Conv2d(input_channels, num_channels, 3, padding=1, stride=strides)
        self.first_norm = nn.BatchNorm2d(num_channels)
        self.second = nn.Conv2d(num_channels, num_channels, 3, padding=1)
        self.second_norm = nn.BatchNorm2d(num_channels)
        self.shortcut = nn.Conv2d(input_channels, num_channels, 1, stride=strides) if use_1x1conv else nn.Identity()

    def forward(self, X):
        branch = self.second_norm(self.second(torch.relu(self.first_norm(self.first(X)))))
        return torch.relu(branch)


def zero_init_residual(block):
    nn.init.zeros_(block.first_norm.weight)
    nn.init.zeros_(block.first_norm.bias)
    return block
