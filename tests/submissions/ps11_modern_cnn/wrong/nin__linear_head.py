"""A linear layer to the classes.

Fails: has the four blocks of the table and no linear layer, with all hidden widths divided by ratio
Fails: has 1,992,166 parameters by default
"""


def nin(num_classes=10, in_channels=1, ratio=1):
    c1, c2, c3 = 96 // ratio, 256 // ratio, 384 // ratio
    return nn.Sequential(
        nin_block(in_channels, c1, 11, 4, 0), nn.MaxPool2d(kernel_size=3, stride=2),
        nin_block(c1, c2, 5, 1, 2), nn.MaxPool2d(kernel_size=3, stride=2),
        nin_block(c2, c3, 3, 1, 1), nn.MaxPool2d(kernel_size=3, stride=2),
        nin_block(c3, c3, 3, 1, 1), nn.AdaptiveAvgPool2d((1, 1)), nn.Flatten(), nn.Linear(c3, num_classes),
    )
