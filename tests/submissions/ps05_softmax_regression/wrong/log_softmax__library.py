"""Calls the library.

Fails: *
"""

def log_softmax(X):
    return torch.nn.LogSoftmax(dim=1)(X)
