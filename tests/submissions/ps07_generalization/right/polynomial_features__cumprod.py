"""The running product of copies of x."""

def polynomial_features(x, degree):
    return x[:, None].expand(-1, degree).cumprod(dim=1)
