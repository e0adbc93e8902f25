"""Multiplies the samples by their labels in place.

Fails: leaves its inputs unchanged
"""

def perceptron(X, y, max_epochs):
    X *= y[:, None]
    w, b, updates = torch.zeros(X.shape[1], dtype=X.dtype, device=X.device), 0.0, 0
    for _ in range(max_epochs):
        before = updates
        for x, label in zip(X, y):
            if x @ w + label * b <= 0:
                w, b, updates = w + x, b + label.item(), updates + 1
        if updates == before:
            break
    return w, b, updates
