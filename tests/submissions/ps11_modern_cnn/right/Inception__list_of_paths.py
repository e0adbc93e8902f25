"""A ModuleList of paths."""


class Inception(nn.Module):
    def __init__(self, in_channels, c1, c2, c3, c4):
        super().__init__()
        conv = lambda *args: nn.Sequential(nn.Conv2d(*args, padding="same"), nn.ReLU(inplace=True))
        self.paths = nn.ModuleList([
            conv(in_channels, c1, 1),
            nn.Sequential(conv(in_channels, c2[0], 1), conv(*c2, 3)),
            nn.Sequential(conv(in_channels, c3[0], 1), conv(*c3, 5)),
            nn.Sequential(nn.MaxPool2d(3, 1, 1), conv(in_channels, c4, 1)),
        ])

    def forward(self, X):
        return torch.cat([path(X) for path in self.paths], 1)
