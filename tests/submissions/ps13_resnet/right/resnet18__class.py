"""As a class that averages over the pixels with mean."""

class Net(nn.Module):
    def __init__(self, num_classes, in_channels):
        super().__init__()
        self.head = nn.Linear(512, num_classes)
        self.conv, self.norm = nn.Conv2d(in_channels, 64, 7, 2, 3), nn.BatchNorm2d(64)
        sizes = [64, 64, 128, 256, 512]
        self.stages = nn.ModuleList(resnet_block(sizes[i], sizes[i + 1], 2, first_block=i == 0) for i in range(4))

    def forward(self, X):
        X = nn.functional.max_pool2d(torch.relu(self.norm(self.conv(X))), 3, 2, 1)
        for stage in self.stages:
            X = stage(X)
        return self.head(X.mean(dim=(2, 3)))


def resnet18(num_classes, in_channels=1):
    return Net(num_classes, in_channels)
