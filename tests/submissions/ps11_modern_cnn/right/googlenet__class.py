"""A class with a loop over the table."""


class GoogLeNet(nn.Module):
    def __init__(self, num_classes, in_channels, ratio):
        super().__init__()
        r = ratio
        self.stem = nn.Sequential(
            nn.Conv2d(in_channels, 64 // r, 7, 2, 3), nn.MaxPool2d(3, 2, 1), nn.ReLU(),
            nn.Conv2d(64 // r, 64 // r, 1), nn.ReLU(), nn.Conv2d(64 // r, 192 // r, 3, 1, 1), nn.MaxPool2d(3, 2, 1), nn.ReLU(),
        )
        table = [
            [64, 96, 128, 16, 32, 32], [128, 128, 192, 32, 96, 64], [192, 96, 208, 16, 48, 64], [160, 112, 224, 24, 64, 64], [128, 128, 256, 24, 64, 64],
            [112, 144, 288, 32, 64, 64], [256, 160, 320, 32, 128, 128], [256, 160, 320, 32, 128, 128], [384, 192, 384, 48, 128, 128],
        ]
        self.blocks, channels = nn.ModuleList(), 192 // r
        for row in table:
            a, b, c, d, e, f = [width // r for width in row]
            self.blocks.append(Inception(channels, a, (b, c), (d, e), f))
            channels = a + c + e + f
        self.last = nn.Linear(channels, num_classes)

    def forward(self, X):
        X = self.stem(X)
        for i, block in enumerate(self.blocks):
            if i in (2, 7):
                X = F.max_pool2d(X, kernel_size=3, stride=2, padding=1)
            X = block(X)
        return self.last(X.mean(dim=[2, 3]))


def googlenet(num_classes=10, in_channels=1, ratio=1):
    return GoogLeNet(num_classes, in_channels, ratio)
