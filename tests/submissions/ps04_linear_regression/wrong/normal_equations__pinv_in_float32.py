"""pinv in float32: cuts off what the years say.

Fails: predicts well from features near 2000, in float32
"""


def normal_equations(X, y):
    A = torch.cat([X, torch.ones_like(X[:, :1])], dim=1)
    theta = torch.linalg.pinv(A) @ y.reshape(-1, 1)
    return theta[:-1], theta[-1]
