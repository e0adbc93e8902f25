"""Another default.

Fails: delta is 1 where none is given
"""


def huber_loss(y_hat, y, delta=0.5):
    d = (y_hat - y.reshape(y_hat.shape)).abs()
    return torch.where(d > delta, delta * (d - delta / 2), d**2 / 2)
