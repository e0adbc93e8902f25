"""With a residual block of its own making in the place of Residual."""

class Block(nn.Module):
    def __init__(self, c_in, c_out, stride):
        super().__init__()
        self.branch = nn.Sequential(
            nn.Conv2d(c_in, c_out, 3, stride, 1), nn.BatchNorm2d(c_out), nn.ReLU(), nn.Conv2d(c_out, c_out, 3, 1, 1), nn.BatchNorm2d(c_out)
        )
        self.skip = nn.Conv2d(c_in, c_out, 1, stride) if stride == 2 else nn.Identity()

    def forward(self, X):
        return torch.relu(self.branch(X) + self.skip(X))


def resnet_block(input_channels, num_channels, num_residuals, first_block=False):
    strides = [2 if i == 0 and not first_block else 1 for i in range(num_residuals)]
    channels = [input_channels] + [num_channels] * num_residuals
    return nn.Sequential(*[Block(channels[i], channels[i + 1], stride) for i, stride in enumerate(strides)])
