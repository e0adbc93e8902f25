"""0/0 where all numbers are equal.

Fails: where all numbers are equal the result is 0
"""

def standardize(X, dim):
    mean = X.mean(dim, keepdim=True)
    return (X - mean) / X.std(dim, correction=0, keepdim=True)
