"""The inverse, in float32.

Fails: predicts well from features near 2000, in float32
Fails: predicts well where columns depend on each other
"""


def normal_equations(X, y):
    A = torch.cat([X, torch.ones_like(X[:, :1])], dim=1)
    theta = torch.linalg.inv(A.T @ A) @ A.T @ y.reshape(-1, 1)
    return theta[:-1], theta[-1]
