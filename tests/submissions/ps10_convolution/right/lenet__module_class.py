"""A class with functional operations, layers defined back to front."""

def lenet():
    class LeNet(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc3 = nn.Linear(84, 10)
            self.fc2 = nn.Linear(120, 84)
            self.fc1 = nn.Linear(400, 120)
            self.conv2 = nn.Conv2d(6, 16, 5)
            self.conv1 = nn.Conv2d(1, 6, 5, padding=2)

        def forward(self, x):
            x = F.avg_pool2d(torch.sigmoid(self.conv1(x)), 2)
            x = F.avg_pool2d(torch.sigmoid(self.conv2(x)), 2)
            x = x.view(x.size(0), -1)
            x = torch.sigmoid(self.fc1(x))
            return self.fc3(torch.sigmoid(self.fc2(x)))

    return LeNet()
