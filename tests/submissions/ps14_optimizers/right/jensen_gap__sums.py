"""Products and sums."""


def jensen_gap(f, X, alpha):
    values = f(X)
    centre = (alpha.unsqueeze(1) * X).sum(dim=0)
    return (alpha * values).sum() - f(centre)
