"""s minus its square."""

def sigmoid_grad(x):
    s = sigmoid(x)
    return s - s**2
