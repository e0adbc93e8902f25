"""(b, w) instead of (w, b).

Fails: *
"""

def fit_polynomial(x, y, degree):
    A = x.double().unsqueeze(1) ** torch.arange(degree + 1)
    theta = torch.linalg.lstsq(A, y.double().unsqueeze(1), driver="gelsd").solution.squeeze(1).to(x.dtype)
    return theta[0], theta[1:]
