"""Layers that get their channels from the first picture."""


def digit_net():
    def stage(channels):
        return [nn.LazyConv2d(channels, 3, padding=1), nn.LazyBatchNorm2d(), nn.ReLU()]

    return nn.Sequential(
        *stage(16), nn.MaxPool2d(2), *stage(32), *stage(32), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.LazyLinear(10)
    )
