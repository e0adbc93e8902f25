"""The start, without any training.

Fails: *
"""

def perceptron(X, y, max_epochs):
    return torch.zeros(X.shape[1], dtype=X.dtype, device=X.device), 0.0, 0
