"""The root of the square: NaN gradient where prediction and label agree.

Fails: has a finite gradient where prediction and label agree
"""


def l1_loss(y_hat, y):
    return torch.sqrt((y_hat - y.reshape(y_hat.shape)) ** 2)
