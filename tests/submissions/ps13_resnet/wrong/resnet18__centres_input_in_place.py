"""Centres the pictures before the first convolution, and does so in the caller's tensor.

Fails: with the same weights, gives the same scores
Fails: leaves its inputs unchanged
"""


class Centre(nn.Module):
    def forward(self, X):
        with torch.no_grad():
            X -= X.mean(dim=(2, 3), keepdim=True)
        return X


def resnet18(num_classes, in_channels=1):
    return nn.Sequential(
        Centre(),
        nn.Conv2d(in_channels, 64, kernel_size=7, stride=2, padding=3), nn.BatchNorm2d(64), nn.ReLU(),
        nn.MaxPool2d(kernel_size=3, stride=2, padding=1),
        resnet_block(64, 64, 2, first_block=True),
        resnet_block(64, 128, 2),
        resnet_block(128, 256, 2),
        resnet_block(256, 512, 2),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, num_classes),
    )  # fmt: skip
