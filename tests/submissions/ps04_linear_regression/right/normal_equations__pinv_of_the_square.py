"""pinv of AᵀA, in float64."""


def normal_equations(X, y):
    Xd, yd = X.double(), y.double().reshape(-1, 1)
    scale = Xd.std(dim=0) + (Xd.std(dim=0) == 0)
    A = torch.cat([(Xd - Xd.mean(dim=0)) / scale, torch.ones_like(yd)], dim=1)
    theta = torch.linalg.pinv(A.T @ A, rtol=1e-11, hermitian=True) @ (A.T @ yd)
    w = theta[:-1] / scale[:, None]
    b = theta[-1] - Xd.mean(dim=0) @ w
    return w.type_as(X), b.type_as(X)
