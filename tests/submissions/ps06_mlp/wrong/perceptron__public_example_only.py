"""The answer of the example.

Fails: *
"""

def perceptron(X, y, max_epochs):
    return torch.tensor([-1.0, 1.0]), 0.0, 2
