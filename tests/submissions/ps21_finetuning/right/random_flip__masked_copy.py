"""Copies, then writes the mirrored pictures into the copy."""

def random_flip(X, p, generator):
    single = X.ndim == 3
    Y = X[None].clone() if single else X.clone()
    rows = torch.rand(len(Y), generator=generator).to(Y.device) < p
    Y[rows] = Y[rows].flip(dims=(3,))
    return Y[0] if single else Y
