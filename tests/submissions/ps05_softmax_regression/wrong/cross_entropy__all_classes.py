"""Also adds -log(1 - p) of the other classes, as for independent labels.

Fails: *
"""

def cross_entropy(y_hat, y):
    one_hot = torch.nn.functional.one_hot(y, y_hat.shape[1]).to(y_hat.dtype)
    return torch.nn.functional.binary_cross_entropy(y_hat, one_hot, reduction="none").sum(dim=1)
