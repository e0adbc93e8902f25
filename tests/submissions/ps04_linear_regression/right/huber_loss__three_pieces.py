"""Two thresholds, one for each sign."""


def huber_loss(y_hat, y, delta=1.0):
    d = y_hat - y.reshape(y_hat.shape)
    above, below = delta * (d - delta / 2), delta * (-d - delta / 2)
    return torch.where(d > delta, above, torch.where(d < -delta, below, d * d / 2))
