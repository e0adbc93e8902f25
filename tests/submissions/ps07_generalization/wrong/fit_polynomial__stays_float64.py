"""The result is left in float64.

Fails: w and b have the dtype of x, and x may lie in any memory order
Says: w has dtype float64
"""

def fit_polynomial(x, y, degree):
    A = x.double().unsqueeze(1) ** torch.arange(degree + 1)
    theta = torch.linalg.lstsq(A, y.double().unsqueeze(1), driver="gelsd").solution.squeeze(1)
    return theta[1:], theta[0]
