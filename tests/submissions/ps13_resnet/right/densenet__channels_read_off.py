"""Finds the number of channels by sending a picture through what there is."""

def densenet(num_classes, in_channels=1, growth=32, num_convs=(4, 4, 4, 4)):
    net = nn.Sequential(nn.Conv2d(in_channels, 64, 7, 2, 3), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, 2, 1))

    def channels():
        with torch.no_grad():
            c = net.eval()(torch.zeros(1, in_channels, 64, 64)).shape[1]
        net.train()
        return c

    for i, n in enumerate(num_convs):
        if i > 0:
            c = channels()
            net.append(transition_block(c, c // 2))
        net.append(DenseBlock(n, channels(), growth))
    c = channels()
    return net.extend([nn.BatchNorm2d(c), nn.ReLU(), nn.AdaptiveAvgPool2d((1, 1)), nn.Flatten(), nn.Linear(c, num_classes)])
