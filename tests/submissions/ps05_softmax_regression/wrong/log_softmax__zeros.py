"""Returns zeros.

Fails: *
"""

def log_softmax(X):
    return torch.zeros_like(X)
