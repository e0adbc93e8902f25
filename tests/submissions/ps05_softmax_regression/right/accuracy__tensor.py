"""Returns a one-element tensor."""

def accuracy(y_hat, y):
    predicted = y_hat if y_hat.dim() == 1 else y_hat.max(1)[1]
    return predicted.eq(y).sum()
