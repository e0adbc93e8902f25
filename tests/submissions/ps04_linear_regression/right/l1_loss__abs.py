"""torch.abs."""


def l1_loss(y_hat, y):
    return torch.abs(y_hat - y.reshape_as(y_hat))
