"""Subtracts the maximum in the sum only, and not from the scores.

Fails: *
"""

def log_softmax(X):
    m = X.amax(dim=1, keepdim=True)
    return X - torch.exp(X - m).sum(dim=1, keepdim=True).log()
