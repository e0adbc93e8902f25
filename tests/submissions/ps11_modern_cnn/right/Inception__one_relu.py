"""One ReLU for all that is joined, since it works number by number."""


class Inception(nn.Module):
    def __init__(self, in_channels, c1, c2, c3, c4):
        super().__init__()
        self.a = nn.Conv2d(in_channels, c1, 1)
        self.b = nn.Sequential(nn.Conv2d(in_channels, c2[0], 1), nn.ReLU(), nn.Conv2d(c2[0], c2[1], 3, 1, 1))
        self.c = nn.Sequential(nn.Conv2d(in_channels, c3[0], 1), nn.ReLU(), nn.Conv2d(c3[0], c3[1], 5, 1, 2))
        self.d = nn.Conv2d(in_channels, c4, 1)

    def forward(self, X):
        padded = F.pad(X, (1, 1, 1, 1), value=-math.inf)
        return torch.relu(torch.cat([self.a(X), self.b(X), self.c(X), self.d(F.max_pool2d(padded, 3, 1))], dim=1))
