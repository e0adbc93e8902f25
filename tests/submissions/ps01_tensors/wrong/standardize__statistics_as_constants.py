"""Mean and deviation are taken as constants by the gradient.

Fails: gradients flow through
"""

def standardize(X, dim):
    mean, std = X.data.mean(dim, keepdim=True), X.data.std(dim, correction=0, keepdim=True)
    return (X - mean) / std.masked_fill(std == 0, 1)
