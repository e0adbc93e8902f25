"""Takes numbers out of num_convs, and finds none the next time.

Fails: growth is 32 and num_convs (4, 4, 4, 4) by default: 758,226 parameters
Fails: gradients are right, for inputs and weights
"""

def densenet(num_classes, in_channels=1, growth=32, num_convs=[4, 4, 4, 4]):
    channels = 64
    net = nn.Sequential(
        nn.Conv2d(in_channels, channels, kernel_size=7, stride=2, padding=3),
        nn.BatchNorm2d(channels),
        nn.ReLU(),
        nn.MaxPool2d(kernel_size=3, stride=2, padding=1),
    )
    while num_convs:
        n = num_convs.pop(0)
        net.append(DenseBlock(n, channels, growth))
        channels += n * growth
        if num_convs:
            net.append(transition_block(channels, channels // 2))
            channels = channels // 2
    net.extend([nn.BatchNorm2d(channels), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, num_classes)])
    return net
