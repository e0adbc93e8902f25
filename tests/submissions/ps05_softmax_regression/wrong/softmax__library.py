"""Calls the library's softmax.

Fails: *
"""

def softmax(X):
    return torch.nn.functional.softmax(X, dim=1)
