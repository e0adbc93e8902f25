"""From Residual blocks, without resnet_block."""

def resnet18(num_classes, in_channels=1):
    net = nn.Sequential(nn.Conv2d(in_channels, 64, 7, stride=2, padding=3), nn.BatchNorm2d(64), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1))
    c_in = 64
    for c_out in (64, 128, 256, 512):
        net.append(Residual(c_in, c_out) if c_in == c_out else Residual(c_in, c_out, True, 2))
        net.append(Residual(c_out, c_out))
        c_in = c_out
    net.extend([nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(c_in, num_classes)])
    return net
