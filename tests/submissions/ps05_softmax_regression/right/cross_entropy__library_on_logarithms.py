"""Gives the logarithms of the probabilities to the library as scores: their sum of exponentials is 1."""

def cross_entropy(y_hat, y):
    return torch.nn.CrossEntropyLoss(reduction="none")(y_hat.log(), y)
