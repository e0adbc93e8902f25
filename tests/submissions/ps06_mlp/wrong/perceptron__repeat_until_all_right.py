"""Repeats until all samples are right, whatever max_epochs says: where no line separates the classes it never comes back.

Fails: stops after max_epochs epochs, or after an epoch without an update
"""

def perceptron(X, y, max_epochs):
    w, b, updates = torch.zeros(X.shape[1], dtype=X.dtype, device=X.device), 0.0, 0
    while True:
        before = updates
        for x, label in zip(X, y):
            if label * (x @ w + b) <= 0:
                w = w + label * x
                b = b + label.item()
                updates += 1
        if updates == before:
            return w, b, updates
