"""Y transposed, so that both have n last."""


def matmul(X, Y):
    x, y = X.ndim == 1, Y.ndim == 1
    A = X.unsqueeze(0) if x else X
    B = Y.unsqueeze(0) if y else Y.transpose(-1, -2)
    Z = (A.unsqueeze(-2) * B.unsqueeze(-3)).sum(-1)
    if y:
        Z = Z.squeeze(-1)
    if x:
        Z = Z.squeeze(-2) if not y else Z.squeeze(-1)
    return Z
