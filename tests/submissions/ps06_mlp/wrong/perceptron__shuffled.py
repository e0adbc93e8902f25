"""Takes the samples in a random order.

Fails: follows the update rule: right weights and bias
Fails: counts the updates
Fails: stops after max_epochs epochs, or after an epoch without an update
Fails: keeps the dtype, and takes samples in any memory order
Fails: gives the same when it is called again, and leaves the program as it was
"""

def perceptron(X, y, max_epochs):
    w, b, updates = torch.zeros(X.shape[1], dtype=X.dtype, device=X.device), 0.0, 0
    for _ in range(max_epochs):
        before = updates
        order = torch.randperm(len(y), device=X.device)
        for x, label in zip(X[order], y[order]):
            if label * (x @ w + b) <= 0:
                w = w + label * x
                b = b + label.item()
                updates += 1
        if updates == before:
            break
    return w, b, updates
