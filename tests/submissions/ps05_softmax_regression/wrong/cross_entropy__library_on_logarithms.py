"""Gives the logarithms of the probabilities to the library as scores: the gradient is NaN where another class has probability 0.

Fails: gives +inf for a label of probability 0, and never NaN
"""


def cross_entropy(y_hat, y):
    return torch.nn.CrossEntropyLoss(reduction="none")(y_hat.log(), y)
