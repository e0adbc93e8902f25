"""A class with functions for what has no weights."""


class VGG(nn.Module):
    def __init__(self, conv_arch, num_classes, in_channels, image_size, num_hiddens):
        super().__init__()
        self.features = nn.Sequential()
        for i, (n, c) in enumerate(conv_arch):
            self.features.add_module(f"block{i}", vgg_block(n, in_channels, c))
            in_channels = c
        side = image_size >> len(conv_arch)
        self.fc1 = nn.Linear(in_channels * side**2, num_hiddens)
        self.fc2 = nn.Linear(num_hiddens, num_hiddens)
        self.fc3 = nn.Linear(num_hiddens, num_classes)

    def forward(self, X):
        X = self.features(X).flatten(1)
        for fc in (self.fc1, self.fc2):
            X = F.dropout(F.relu(fc(X)), 0.5, self.training)
        return self.fc3(X)


def vgg(conv_arch, num_classes=10, in_channels=1, image_size=224, num_hiddens=4096):
    return VGG(conv_arch, num_classes, in_channels, image_size, num_hiddens)
