"""Puts a transition after the last block too.

Fails: has the layers of the description, whatever growth and num_convs are
"""

def densenet(num_classes, in_channels=1, growth=32, num_convs=(4, 4, 4, 4)):
    channels = 64
    net = nn.Sequential(
        nn.Conv2d(in_channels, channels, kernel_size=7, stride=2, padding=3),
        nn.BatchNorm2d(channels),
        nn.ReLU(),
        nn.MaxPool2d(kernel_size=3, stride=2, padding=1),
    )
    for i, n in enumerate(num_convs):
        net.append(DenseBlock(n, channels, growth))
        channels += n * growth
        net.append(transition_block(channels, channels // 2))
        channels = channels // 2
    net.extend([nn.BatchNorm2d(channels), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, num_classes)])
    return net
