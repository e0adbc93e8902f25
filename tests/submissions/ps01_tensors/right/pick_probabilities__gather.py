"""gather and squeeze(1)."""

def pick_probabilities(y_hat, y):
    return y_hat.gather(1, y.unsqueeze(-1)).squeeze(1)
