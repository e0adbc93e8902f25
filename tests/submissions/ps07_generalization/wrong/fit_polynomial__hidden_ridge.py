"""A small ridge, "to be safe".

Fails: keeps its digits with degree 12 and points in float32
Fails: keeps its digits with points in float64
Fails: degree n - 1 goes through all n points
"""

def fit_polynomial(x, y, degree):
    A = x.double().unsqueeze(1) ** torch.arange(degree + 1)
    theta = torch.linalg.solve(A.T @ A + 1e-4 * torch.eye(degree + 1, dtype=torch.float64), A.T @ y.double()).to(x.dtype)
    return theta[1:], theta[0]
