"""A class with the convolutions and linear layers first and the normalisations after them."""

class LeNetBN(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)
        self.bn1, self.bn2 = BatchNorm(6, 4), BatchNorm(16, 4)
        self.bn3, self.bn4 = BatchNorm(120, 2), BatchNorm(84, 2)

    def forward(self, X):
        X = F.avg_pool2d(torch.sigmoid(self.bn1(self.conv1(X))), 2)
        X = F.avg_pool2d(torch.sigmoid(self.bn2(self.conv2(X))), 2)
        X = X.flatten(1)
        X = torch.sigmoid(self.bn3(self.fc1(X)))
        X = torch.sigmoid(self.bn4(self.fc2(X)))
        return self.fc3(X)


def lenet_bn():
    return LeNetBN()
