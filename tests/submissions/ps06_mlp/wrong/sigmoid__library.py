"""PyTorch's own.

Fails: *
"""

def sigmoid(x):
    return x.sigmoid()
