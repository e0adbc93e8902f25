"""The count starts anew in every epoch.

Fails: counts the updates
"""

def perceptron(X, y, max_epochs):
    w, b = torch.zeros(X.shape[1], dtype=X.dtype, device=X.device), 0.0
    for _ in range(max_epochs):
        updates = 0
        for x, label in zip(X, y):
            if label * (x @ w + b) <= 0:
                w, b, updates = w + label * x, b + label.item(), updates + 1
        if updates == 0:
            break
    return w, b, updates
