"""The normal equations, in float32.

Fails: keeps its digits with degree 12 and points in float32
Fails: keeps its digits with points in float64
Fails: degree n - 1 goes through all n points
"""

def fit_polynomial(x, y, degree):
    A = x.float().unsqueeze(1) ** torch.arange(degree + 1)
    theta = torch.linalg.solve(A.T @ A, A.T @ y.float()).to(x.dtype)
    return theta[1:], theta[0]
