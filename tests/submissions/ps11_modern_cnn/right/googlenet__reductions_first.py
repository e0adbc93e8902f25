"""The convolutions of 1×1 in front of the large kernels run first: paths that stand side by side may run in any order."""


class FourPaths(nn.Module):
    def __init__(self, in_channels, c1, c2, c3, c4):
        super().__init__()
        self.p1_1 = nn.Conv2d(in_channels, c1, 1)
        self.p2_1 = nn.Conv2d(in_channels, c2[0], 1)
        self.p2_2 = nn.Conv2d(c2[0], c2[1], 3, padding=1)
        self.p3_1 = nn.Conv2d(in_channels, c3[0], 1)
        self.p3_2 = nn.Conv2d(c3[0], c3[1], 5, padding=2)
        self.p4_2 = nn.Conv2d(in_channels, c4, 1)

    def forward(self, X):
        p2, p3 = F.relu(self.p2_1(X)), F.relu(self.p3_1(X))
        pooled = F.max_pool2d(X, 3, stride=1, padding=1)
        return F.relu(torch.concat((self.p1_1(X), self.p2_2(p2), self.p3_2(p3), self.p4_2(pooled)), 1))


def googlenet(num_classes=10, in_channels=1, ratio=1):
    def d(k):
        return [d(x) for x in k] if isinstance(k, (tuple, list)) else k // ratio

    class MeanFlatten(nn.Module):
        def forward(self, X):
            return X.mean(dim=(-2, -1))

    def pool():
        return nn.MaxPool2d(3, stride=2, padding=1)

    stage3 = [[192, 64, (96, 128), (16, 32), 32], [256, 128, (128, 192), (32, 96), 64]]
    stage4 = [[480, 192, (96, 208), (16, 48), 64], [512, 160, (112, 224), (24, 64), 64], [512, 128, (128, 256), (24, 64), 64], [512, 112, (144, 288), (32, 64), 64], [528, 256, (160, 320), (32, 128), 128]]
    stage5 = [[832, 256, (160, 320), (32, 128), 128], [832, 384, (192, 384), (48, 128), 128]]
    return nn.Sequential(
        nn.Conv2d(in_channels, d(64), 7, stride=2, padding=3), nn.ReLU(), pool(),
        nn.Conv2d(d(64), d(64), 1), nn.ReLU(), nn.Conv2d(d(64), d(192), 3, padding=1), nn.ReLU(), pool(),
        *[FourPaths(*d(row)) for row in stage3], pool(),
        *[FourPaths(*d(row)) for row in stage4], pool(),
        *[FourPaths(*d(row)) for row in stage5], MeanFlatten(), nn.Linear(d(1024), num_classes),
    )
