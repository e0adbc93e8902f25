"""No column of ones.

Fails: *
Says: there is no bias
"""

def fit_polynomial(x, y, degree):
    P = polynomial_features(x.double(), degree)
    w = torch.linalg.lstsq(P, y.double().unsqueeze(1), driver="gelsd").solution.squeeze(1)
    return w.to(x.dtype), torch.zeros((), dtype=x.dtype)
