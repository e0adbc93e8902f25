"""The weights are always float32.

Fails: keeps the dtype, and takes samples in any memory order
"""

def perceptron(X, y, max_epochs):
    w, b, updates = torch.zeros(X.shape[1], device=X.device), 0.0, 0
    for _ in range(max_epochs):
        before = updates
        for x, label in zip(X, y):
            if label * (x.float() @ w + b) <= 0:
                w = w + label * x.float()
                b = b + label.item()
                updates += 1
        if updates == before:
            break
    return w, b, updates
