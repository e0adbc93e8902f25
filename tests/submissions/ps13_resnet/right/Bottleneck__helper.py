"""A helper that makes convolution and BatchNorm, the skip as X.clone()."""

def conv_and_norm(c_in, c_out, size):
    return nn.Sequential(nn.Conv2d(c_in, c_out, size, padding=size // 2, bias=False), nn.BatchNorm2d(c_out))


class Bottleneck(nn.Module):
    def __init__(self, channels, mid):
        super().__init__()
        self.up = conv_and_norm(mid, channels, 1)
        self.down = conv_and_norm(channels, mid, 1)
        self.middle = conv_and_norm(mid, mid, 3)
        self.relu = nn.ReLU()

    def forward(self, X):
        skip = X.clone()
        for layer in (self.down, self.middle):
            X = self.relu(layer(X))
        return self.relu(skip + self.up(X))
