"""Power iteration, in float64."""


def largest_learning_rate(X):
    A = torch.cat([X, torch.ones(len(X), 1, dtype=X.dtype)], dim=1).double()
    H = A.T @ A / A.shape[0]
    v = torch.linspace(1, 2, len(H), dtype=torch.float64)
    for _ in range(5000):
        v = H @ v
        v = v / v.norm()
    return float(2 / (v @ H @ v))
