"""The last block without its last ReLU.

Fails: gives the scores of these layers for pictures of any size
Says: the last block lost its ReLU
"""


def nin(num_classes=10, in_channels=1, ratio=1):
    c1, c2, c3 = 96 // ratio, 256 // ratio, 384 // ratio
    return nn.Sequential(
        nin_block(in_channels, c1, 11, 4, 0), nn.MaxPool2d(kernel_size=3, stride=2),
        nin_block(c1, c2, 5, 1, 2), nn.MaxPool2d(kernel_size=3, stride=2),
        nin_block(c2, c3, 3, 1, 1), nn.MaxPool2d(kernel_size=3, stride=2),
        *list(nin_block(c3, num_classes, 3, 1, 1))[:-1], nn.AdaptiveAvgPool2d((1, 1)), nn.Flatten(),
    )
