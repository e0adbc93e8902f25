"""Nine scores.

Fails: gives ten scores for each picture of any size from 8×8 on
May fail: has at most 20,000 parameters
May fail: takes at most 300,000 multiply-adds for a picture of 8×8
May fail: has at most one linear layer
May fail: in evaluation mode a picture gets the same scores each time, whatever else is in the batch
May fail: learns to read: at least 90 % of the test digits after six epochs of train_digits
"""


def digit_net():
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 32, 3, padding=1), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(32, 9),
    )
