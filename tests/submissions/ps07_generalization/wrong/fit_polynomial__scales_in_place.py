"""Divides x by its largest entry, in place.

Fails: leaves its inputs unchanged
"""

def fit_polynomial(x, y, degree):
    scale = x.abs().max().clone()
    x /= scale
    A = x.double().unsqueeze(1) ** torch.arange(degree + 1)
    theta = torch.linalg.lstsq(A, y.double().unsqueeze(1), driver="gelsd").solution.squeeze(1)
    theta = (theta / scale.double() ** torch.arange(degree + 1)).to(x.dtype)
    return theta[1:], theta[0]
