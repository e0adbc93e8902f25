"""b is the mean of y, and w fits the rest without bias.

Fails: *
Says: b is the mean of y
"""

def fit_polynomial(x, y, degree):
    P, t = polynomial_features(x.double(), degree), y.double()
    w = torch.linalg.lstsq(P, (t - t.mean()).unsqueeze(1), driver="gelsd").solution.squeeze(1)
    return w.to(x.dtype), t.mean().to(x.dtype)
