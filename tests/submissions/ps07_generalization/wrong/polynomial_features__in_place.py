"""Multiplies x up in place.

Fails: column k - 1 holds x to the power of k
Fails: takes numbers that are 0, and degree 0
Fails: leaves x unchanged
May fail: gradients are right
May fail: keeps the dtype, and takes numbers in any memory order
May fail: gives the same when it is called again, and leaves the program as it was
"""

def polynomial_features(x, degree):
    columns = []
    for k in range(degree):
        columns.append(x.clone())
        x *= x
    return torch.stack(columns, dim=1) if columns else x.new_empty(len(x), 0)
