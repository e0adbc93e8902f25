"""Masks with one-hot rows before the logarithm."""

def cross_entropy(y_hat, y):
    mask = torch.nn.functional.one_hot(y, num_classes=y_hat.shape[1])
    p = (y_hat * mask).sum(dim=1)
    return p.log().neg()
