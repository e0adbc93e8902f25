"""No ReLU behind the 1×1 convolutions that reduce.

Fails: joins the four paths along the channels, in the order of the table
Says: 1×1 convolutions of paths 2 and 3 are missing
"""


class Inception(nn.Module):
    def __init__(self, in_channels, c1, c2, c3, c4):
        super().__init__()
        self.path1 = nn.Sequential(nn.Conv2d(in_channels, c1, kernel_size=1), nn.ReLU())
        self.path2 = nn.Sequential(nn.Conv2d(in_channels, c2[0], kernel_size=1), nn.Identity(), nn.Conv2d(c2[0], c2[1], kernel_size=3, padding=1), nn.ReLU())
        self.path3 = nn.Sequential(nn.Conv2d(in_channels, c3[0], kernel_size=1), nn.Identity(), nn.Conv2d(c3[0], c3[1], kernel_size=5, padding=2), nn.ReLU())
        self.path4 = nn.Sequential(nn.MaxPool2d(kernel_size=3, stride=1, padding=1), nn.Conv2d(in_channels, c4, kernel_size=1), nn.ReLU())

    def forward(self, X):
        return torch.cat((self.path1(X), self.path2(X), self.path3(X), self.path4(X)), dim=1)
