"""Divided by k!, as for a Taylor series and in the book's data.

Fails: *
Says: divided by its factorial
"""

def polynomial_features(x, degree):
    return torch.stack([x**k / math.factorial(k) for k in range(1, degree + 1)], dim=1) if degree else x.new_empty(len(x), 0)
