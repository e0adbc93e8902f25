"""The last map is flattened: right where it has one pixel.

Fails: gives the scores of these layers for pictures of any size
May fail: a picture of 32×32 is large enough, in training mode as well
"""


def googlenet(num_classes=10, in_channels=1, ratio=1):
    def block(channels, c1, c2, c3, c4):
        return Inception(channels // ratio, c1 // ratio, [c // ratio for c in c2], [c // ratio for c in c3], c4 // ratio)

    b1 = nn.Sequential(nn.Conv2d(in_channels, 64 // ratio, 7, stride=2, padding=3), nn.ReLU(), nn.MaxPool2d(kernel_size=3, stride=2, padding=1))
    b2 = nn.Sequential(
        nn.Conv2d(64 // ratio, 64 // ratio, 1), nn.ReLU(), nn.Conv2d(64 // ratio, 192 // ratio, 3, padding=1), nn.ReLU(), nn.MaxPool2d(kernel_size=3, stride=2, padding=1)
    )
    b3 = nn.Sequential(block(192, 64, (96, 128), (16, 32), 32), block(256, 128, (128, 192), (32, 96), 64), nn.MaxPool2d(kernel_size=3, stride=2, padding=1))
    b4 = nn.Sequential(block(480, 192, (96, 208), (16, 48), 64), block(512, 160, (112, 224), (24, 64), 64), block(512, 128, (128, 256), (24, 64), 64), block(512, 112, (144, 288), (32, 64), 64), block(528, 256, (160, 320), (32, 128), 128), nn.MaxPool2d(kernel_size=3, stride=2, padding=1))
    b5 = nn.Sequential(block(832, 256, (160, 320), (32, 128), 128), block(832, 384, (192, 384), (48, 128), 128), nn.Flatten())
    return nn.Sequential(b1, b2, b3, b4, b5, nn.Linear(1024 // ratio, num_classes))
