"""Through the sigmoid of 2.2."""

def tanh(x):
    return 2 * sigmoid(2 * x) - 1
