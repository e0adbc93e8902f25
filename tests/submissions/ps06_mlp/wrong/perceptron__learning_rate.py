"""A learning rate of 0.5 that nobody asked for.

Fails: follows the update rule: right weights and bias
Fails: stops after max_epochs epochs, or after an epoch without an update
Says: each update is halved
"""

def perceptron(X, y, max_epochs):
    w, b, updates = torch.zeros(X.shape[1], dtype=X.dtype, device=X.device), 0.0, 0
    for _ in range(max_epochs):
        before = updates
        for x, label in zip(X, y):
            if label * (x @ w + b) <= 0:
                w = w + 0.5 * label * x
                b = b + 0.5 * label.item()
                updates += 1
        if updates == before:
            break
    return w, b, updates
