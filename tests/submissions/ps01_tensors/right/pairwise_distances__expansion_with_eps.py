"""The expanded square, clamped above a small eps, from a matrix product."""

def pairwise_distances(X, Y):
    d2 = X.pow(2).sum(1, keepdim=True) + Y.pow(2).sum(1) - 2 * torch.mm(X, Y.t())
    return torch.clamp(d2, min=1e-10).sqrt()
