"""Labels are not reshaped.

Fails: is half the square up to an error of delta and straight beyond, one loss a sample
Says: broadcasting pairs every prediction with every label
"""


def huber_loss(y_hat, y, delta=1.0):
    d = (y_hat - y).abs()
    return torch.where(d > delta, delta * (d - delta / 2), d**2 / 2)
