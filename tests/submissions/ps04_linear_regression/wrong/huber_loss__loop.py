"""One sample at a time.

Fails: works on all samples at once
"""


def huber_loss(y_hat, y, delta=1.0):
    d = (y_hat - y.reshape(y_hat.shape)).flatten()
    losses = [delta * (abs(e) - delta / 2) if abs(e) > delta else e**2 / 2 for e in d]
    return torch.stack(losses).reshape(y_hat.shape)
