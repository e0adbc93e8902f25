"""Made from a table, in a loop."""


def alexnet(num_classes=10, in_channels=1, ratio=1):
    layers, channels = [], in_channels
    for width, kernel, stride, padding, pooled in [(96, 11, 4, 1, True), (256, 5, 1, 2, True), (384, 3, 1, 1, False), (384, 3, 1, 1, False), (256, 3, 1, 1, True)]:
        layers += [nn.Conv2d(channels, width // ratio, kernel, stride, padding), nn.ReLU()]
        layers += [nn.MaxPool2d(3, 2)] if pooled else []
        channels = width // ratio
    layers.append(nn.Flatten())
    size = channels * 5 * 5
    for _ in range(2):
        layers += [nn.Linear(size, 4096 // ratio), nn.ReLU(), nn.Dropout(p=0.5)]
        size = 4096 // ratio
    return nn.Sequential(*layers, nn.Linear(size, num_classes))
