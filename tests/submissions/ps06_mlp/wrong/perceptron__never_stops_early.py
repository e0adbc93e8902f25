"""Goes through all epochs, also when all samples are right.

Fails: stops after max_epochs epochs, or after an epoch without an update
Says: goes on after an epoch without an update
"""

def perceptron(X, y, max_epochs):
    w, b, updates = torch.zeros(X.shape[1], dtype=X.dtype, device=X.device), 0.0, 0
    for _ in range(max_epochs):
        before = updates
        for x, label in zip(X, y):
            if label * (x @ w + b) <= 0:
                w = w + label * x
                b = b + label.item()
                updates += 1
    return w, b, updates
