"""lstsq in float64."""


def normal_equations(X, y):
    A = torch.hstack([X, torch.ones(X.shape[0], 1, dtype=X.dtype)]).to(torch.float64)
    solution = torch.linalg.lstsq(A, y.to(torch.float64).reshape(-1, 1)).solution
    return solution[:-1].to(X.dtype), solution[-1:].flatten().to(X.dtype)
