"""Writes the outer part into a new tensor."""


def huber_loss(y_hat, y, delta=1.0):
    d = y_hat - y.reshape(y_hat.shape)
    loss = 0.5 * d.pow(2)
    far = d.abs() >= delta
    return loss.masked_scatter(far, delta * (d[far].abs() - 0.5 * delta))
