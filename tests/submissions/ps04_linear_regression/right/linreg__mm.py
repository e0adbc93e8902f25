"""torch.mm and add, as in the second set of notes."""


def linreg(X, w, b):
    return torch.add(torch.mm(X, w), b)
