"""Looks after every update whether all samples are right, and stops then."""

def perceptron(X, y, max_epochs):
    w, b, updates = torch.zeros_like(X[0]), torch.zeros((), dtype=X.dtype, device=X.device), 0
    for _ in range(max_epochs):
        for i in range(len(y)):
            if y[i] * (X[i] @ w + b) <= 0:
                w, b, updates = w + y[i] * X[i], b + y[i], updates + 1
        if bool((y * (X @ w + b) > 0).all()):
            return w, b, updates
    return w, b, updates
