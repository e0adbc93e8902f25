"""lstsq in float32 for points in float64.

Fails: keeps its digits with points in float64
Fails: degree n - 1 goes through all n points
May fail: keeps its digits with degree 12 and points in float32
"""

def fit_polynomial(x, y, degree):
    A = x.float().unsqueeze(1) ** torch.arange(degree + 1)
    theta = torch.linalg.lstsq(A, y.float().unsqueeze(1)).solution.squeeze(1).to(x.dtype)
    return theta[1:], theta[0]
