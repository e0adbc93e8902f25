"""A name that does not exist.

Fails: *
"""

def perceptron(X, y, max_epochs):
    w, b, updates = torch.zeros(X.shape[1], dtype=X.dtype, device=X.device), 0.0, 0
    for _ in range(max_epochs):
        before = updates
        for x, label in zip(X, y):
            if label * (x @ weights + b) <= 0:
                w, b, updates = w + label * x, b + label.item(), updates + 1
        if updates == before:
            break
    return w, b, updates
