"""Returns the sigmoid, not its slope.

Fails: *
Says: the sigmoid itself is given back
"""

def sigmoid_grad(x):
    return torch.sigmoid(x)
