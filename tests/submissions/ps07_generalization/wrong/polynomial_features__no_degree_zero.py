"""stack of nothing fails for degree 0.

Fails: takes numbers that are 0, and degree 0
"""

def polynomial_features(x, degree):
    return torch.stack([x**k for k in range(1, degree + 1)], dim=1)
