"""Subtracts the means, solves in the dtype of X, and gets the bias from the means."""


def normal_equations(X, y):
    y = y.reshape(-1, 1)
    x_mean, y_mean = X.mean(dim=0, keepdim=True), y.mean(dim=0, keepdim=True)
    Xc = X - x_mean
    w = torch.linalg.pinv(Xc.T @ Xc, hermitian=True, rtol=1e-5) @ Xc.T @ (y - y_mean)
    return w, (y_mean - x_mean @ w)[0]
