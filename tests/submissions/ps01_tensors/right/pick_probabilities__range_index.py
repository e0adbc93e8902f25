"""A Python range as the rows."""

def pick_probabilities(y_hat, y):
    return y_hat[range(len(y_hat)), y]
