"""Adds x, whatever the label.

Fails: follows the update rule: right weights and bias
Fails: counts the updates
Fails: stops after max_epochs epochs, or after an epoch without an update
Fails: ends with every sample on its side, within (r² + 1) / ρ² updates
Says: x_i is added whatever its label
"""

def perceptron(X, y, max_epochs):
    w, b, updates = torch.zeros(X.shape[1], dtype=X.dtype, device=X.device), 0.0, 0
    for _ in range(max_epochs):
        before = updates
        for x, label in zip(X, y):
            if label * (x @ w + b) <= 0:
                w = w + x
                b = b + label.item()
                updates += 1
        if updates == before:
            break
    return w, b, updates
