"""Centres the pictures before the first convolution, and does so in the caller's tensor.

Fails: with the same weights, gives the same scores
Fails: leaves its inputs unchanged
"""


class Centre(nn.Module):
    def forward(self, X):
        with torch.no_grad():
            X -= X.mean(dim=(2, 3), keepdim=True)
        return X


def densenet(num_classes, in_channels=1, growth=32, num_convs=(4, 4, 4, 4)):
    channels = 64
    net = nn.Sequential(
        Centre(),
        nn.Conv2d(in_channels, channels, kernel_size=7, stride=2, padding=3),
        nn.BatchNorm2d(channels),
        nn.ReLU(),
        nn.MaxPool2d(kernel_size=3, stride=2, padding=1),
    )
    for i, n in enumerate(num_convs):
        net.append(DenseBlock(n, channels, growth))
        channels += n * growth
        if i != len(num_convs) - 1:
            net.append(transition_block(channels, channels // 2))
            channels = channels // 2
    return net.extend([nn.BatchNorm2d(channels), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, num_classes)])
