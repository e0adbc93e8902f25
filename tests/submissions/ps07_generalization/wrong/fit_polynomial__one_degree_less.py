"""range(degree): the highest power is missing.

Fails: *
"""

def fit_polynomial(x, y, degree):
    A = torch.stack([x.double() ** k for k in range(degree)], dim=1)
    theta = torch.linalg.lstsq(A, y.double().unsqueeze(1), driver="gelsd").solution.squeeze(1).to(x.dtype)
    return theta[1:], theta[0]
