"""Returns zeros.

Fails: *
"""

def softmax(X):
    return torch.zeros_like(X)
