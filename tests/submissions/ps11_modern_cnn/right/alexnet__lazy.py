"""Lazy layers, and a pooling before each ReLU."""


def alexnet(num_classes=10, in_channels=1, ratio=1):
    def conv(channels, kernel, **options):
        return nn.LazyConv2d(channels // ratio, kernel, **options)

    return nn.Sequential(
        conv(96, 11, stride=4, padding=1), nn.MaxPool2d(3, 2), nn.ReLU(), conv(256, 5, padding=2), nn.MaxPool2d(3, 2), nn.ReLU(),
        conv(384, 3, padding=1), nn.ReLU(), conv(384, 3, padding=1), nn.ReLU(), conv(256, 3, padding=1), nn.MaxPool2d(3, 2), nn.ReLU(), nn.Flatten(),
        nn.LazyLinear(4096 // ratio), nn.ReLU(), nn.Dropout(0.5), nn.LazyLinear(4096 // ratio), nn.ReLU(), nn.Dropout(0.5), nn.LazyLinear(num_classes),
    )
