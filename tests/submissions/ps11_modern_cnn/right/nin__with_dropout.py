"""With the dropout of the book."""


def nin(num_classes=10, in_channels=1, ratio=1):
    return nn.Sequential(
        nin_block(in_channels, 96 // ratio, 11, 4, 0), nn.MaxPool2d(3, stride=2),
        nin_block(96 // ratio, 256 // ratio, 5, 1, 2), nn.MaxPool2d(3, stride=2),
        nin_block(256 // ratio, 384 // ratio, 3, 1, 1), nn.MaxPool2d(3, stride=2), nn.Dropout(0.5),
        nin_block(384 // ratio, num_classes, 3, 1, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten())
