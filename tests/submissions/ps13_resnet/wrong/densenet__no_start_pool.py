"""Leaves out the max pooling at the start.

Fails: with the same weights, gives the same scores
Says: the pooling at the start is missing
"""

def densenet(num_classes, in_channels=1, growth=32, num_convs=(4, 4, 4, 4)):
    channels = 64
    net = nn.Sequential(
        nn.Conv2d(in_channels, channels, kernel_size=7, stride=2, padding=3),
        nn.BatchNorm2d(channels),
        nn.ReLU(),
    )
    for i, n in enumerate(num_convs):
        net.append(DenseBlock(n, channels, growth))
        channels += n * growth
        if i != len(num_convs) - 1:
            net.append(transition_block(channels, channels // 2))
            channels = channels // 2
    net.extend([nn.BatchNorm2d(channels), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, num_classes)])
    return net
