"""All mistakes of an epoch are collected and added at its end.

Fails: follows the update rule: right weights and bias
Fails: counts the updates
Fails: stops after max_epochs epochs, or after an epoch without an update
Says: the mistakes of an epoch are added at its end
"""

def perceptron(X, y, max_epochs):
    w, b, updates = torch.zeros(X.shape[1], dtype=X.dtype, device=X.device), 0.0, 0
    for _ in range(max_epochs):
        mistakes = y * (X @ w + b) <= 0
        if not mistakes.any():
            break
        w = w + (y[mistakes, None] * X[mistakes]).sum(dim=0)
        b = b + y[mistakes].sum().item()
        updates += int(mistakes.sum())
    return w, b, updates
