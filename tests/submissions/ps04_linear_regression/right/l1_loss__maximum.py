"""The larger of the error and its opposite."""


def l1_loss(y_hat, y):
    d = y_hat - y.reshape(y_hat.shape)
    return torch.maximum(d, -d)
