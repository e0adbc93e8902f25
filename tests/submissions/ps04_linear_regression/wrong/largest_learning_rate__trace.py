"""The trace.

Fails: is 2 over the largest eigenvalue of AᵀA/n, with a column of ones in A
Says: the trace is taken
"""


def largest_learning_rate(X):
    A = torch.cat([X, X.new_ones(len(X), 1)], dim=1)
    return 2 / (A**2).sum().item() * len(A)
