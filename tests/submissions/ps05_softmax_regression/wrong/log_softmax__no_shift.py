"""Has the right formula without the shift: exp overflows.

Fails: stays finite for scores far apart and scores of any size
"""

def log_softmax(X):
    return X - X.exp().sum(dim=1, keepdim=True).log()
