"""The expanded square, with the negative and the zero taken care of."""

def pairwise_distances(X, Y):
    x2 = (X**2).sum(dim=1)[:, None]
    y2 = (Y**2).sum(dim=1)[None, :]
    d2 = x2 + y2 - 2 * X @ Y.T
    positive = d2 > 0
    return torch.where(positive, torch.where(positive, d2, torch.ones_like(d2)).sqrt(), torch.zeros_like(d2))
