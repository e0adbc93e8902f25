"""Plain Python numbers, and all epochs, also when all samples are right.

Fails: stops after max_epochs epochs, or after an epoch without an update
"""

def perceptron(X, y, max_epochs):
    rows, labels = X.tolist(), y.tolist()
    w, b, updates = [0.0] * len(rows[0]), 0, 0
    for _ in range(max_epochs):
        for row, label in zip(rows, labels):
            if label * (sum(a * c for a, c in zip(w, row)) + b) <= 0:
                w = [a + label * c for a, c in zip(w, row)]
                b += label
                updates += 1
    return torch.tensor(w, dtype=X.dtype, device=X.device), b, updates
