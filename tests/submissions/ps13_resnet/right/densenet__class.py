"""As a class; global average by mean, functions for ReLU and pooling."""

class Net(nn.Module):
    def __init__(self, num_classes, in_channels, growth, num_convs):
        super().__init__()
        self.conv, self.norm = nn.Conv2d(in_channels, 64, 7, 2, 3), nn.BatchNorm2d(64)
        self.dense, self.between, c = nn.ModuleList(), nn.ModuleList(), 64
        for number, n in enumerate(num_convs, start=1):
            self.dense.append(DenseBlock(n, c, growth))
            c = c + n * growth
            if number < len(num_convs):
                self.between.append(transition_block(c, c // 2))
                c //= 2
        self.last, self.head = nn.BatchNorm2d(c), nn.Linear(c, num_classes)

    def forward(self, X):
        X = nn.functional.max_pool2d(self.norm(self.conv(X)).relu(), 3, 2, 1)
        for i, block in enumerate(self.dense):
            X = block(X)
            if i < len(self.between):
                X = self.between[i](X)
        return self.head(self.last(X).relu().mean((2, 3)))


def densenet(num_classes, in_channels=1, growth=32, num_convs=(4, 4, 4, 4)):
    return Net(num_classes, in_channels, growth, num_convs)
