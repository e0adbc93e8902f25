"""Lets the library pick from the logarithms of all classes: the gradient is NaN where another class has probability 0.

Fails: gives +inf for a label of probability 0, and never NaN
"""


def cross_entropy(y_hat, y):
    return torch.nn.functional.nll_loss(torch.log(y_hat), y, reduction="none")
