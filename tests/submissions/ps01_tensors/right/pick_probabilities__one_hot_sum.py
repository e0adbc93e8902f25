"""Multiplies with the one-hot labels and sums the rows."""

def pick_probabilities(y_hat, y):
    mask = torch.nn.functional.one_hot(y, y_hat.shape[1])
    return (y_hat * mask).sum(dim=1)
