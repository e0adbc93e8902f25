"""The paths in a plain list, where their parameters are not found.

Fails: has six convolutions of the sizes in the table
"""


class Inception(nn.Module):
    def __init__(self, in_channels, c1, c2, c3, c4):
        super().__init__()
        self.paths = [None] * 4
        self.paths[0] = nn.Sequential(nn.Conv2d(in_channels, c1, kernel_size=1), nn.ReLU())
        self.paths[1] = nn.Sequential(nn.Conv2d(in_channels, c2[0], kernel_size=1), nn.ReLU(), nn.Conv2d(c2[0], c2[1], kernel_size=3, padding=1), nn.ReLU())
        self.paths[2] = nn.Sequential(nn.Conv2d(in_channels, c3[0], kernel_size=1), nn.ReLU(), nn.Conv2d(c3[0], c3[1], kernel_size=5, padding=2), nn.ReLU())
        self.paths[3] = nn.Sequential(nn.MaxPool2d(kernel_size=3, stride=1, padding=1), nn.Conv2d(in_channels, c4, kernel_size=1), nn.ReLU())

    def forward(self, X):
        X = X.clone()
        return torch.cat((self.paths[0](X), self.paths[1](X), self.paths[2](X), self.paths[3](X)), dim=1)
