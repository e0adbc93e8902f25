"""Lets the library pick: nll_loss of the logarithms without reduction. It is not forbidden here."""

def cross_entropy(y_hat, y):
    return torch.nn.functional.nll_loss(torch.log(y_hat), y, reduction="none")
