"""The square of the largest singular value of A."""


def largest_learning_rate(X):
    A = torch.cat([X, torch.ones(len(X), 1, dtype=X.dtype)], dim=1)
    return 2 * len(X) / torch.linalg.svdvals(A)[0].item() ** 2
