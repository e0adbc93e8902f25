"""A dropout that is on in evaluation mode, too.

Fails: in evaluation mode a picture gets the same scores each time, whatever else is in the batch
May fail: learns to read: at least 90 % of the test digits after six epochs of train_digits
Says: never sleeps
"""


class DigitNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(vgg_block(1, 1, 16), vgg_block(1, 16, 32), nn.Conv2d(32, 32, 3, padding=1), nn.ReLU())
        self.last = nn.Linear(32, 10)

    def forward(self, X):
        return self.last(F.dropout(self.features(X).mean((2, 3)), 0.2))


def digit_net():
    return DigitNet()
