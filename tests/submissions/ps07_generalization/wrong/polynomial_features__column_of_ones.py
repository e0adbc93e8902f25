"""The powers 0 … degree.

Fails: *
Says: the powers begin with 0
"""

def polynomial_features(x, degree):
    return torch.stack([x**k for k in range(degree + 1)], dim=1)
