"""Asks < 0: at w = 0 nothing ever counts as a mistake.

Fails: *
Says: nothing has counted as a mistake
"""

def perceptron(X, y, max_epochs):
    w, b, updates = torch.zeros(X.shape[1], dtype=X.dtype, device=X.device), 0.0, 0
    for _ in range(max_epochs):
        before = updates
        for x, label in zip(X, y):
            if label * (x @ w + b) < 0:
                w = w + label * x
                b = b + label.item()
                updates += 1
        if updates == before:
            break
    return w, b, updates
