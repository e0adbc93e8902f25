"""Returns the sigmoid, not its slope.

Fails: *
"""

def sigmoid_grad(x):
    return torch.sigmoid(x)
