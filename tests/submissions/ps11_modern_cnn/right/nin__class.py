"""A class that takes the mean itself."""


class NiN(nn.Module):
    def __init__(self, num_classes, in_channels, ratio):
        super().__init__()
        widths = [in_channels, 96 // ratio, 256 // ratio, 384 // ratio, num_classes]
        settings = [(11, 4, 0), (5, 1, 2), (3, 1, 1), (3, 1, 1)]
        self.blocks = nn.ModuleList(nin_block(a, b, *setting) for a, b, setting in zip(widths, widths[1:], settings))

    def forward(self, X):
        for block in self.blocks[:3]:
            X = F.max_pool2d(block(X), 3, 2)
        return self.blocks[3](X).mean(dim=(-2, -1))


def nin(num_classes=10, in_channels=1, ratio=1):
    return NiN(num_classes, in_channels, ratio)
