"""NumPy inside."""

import numpy as np

def perceptron(X, y, max_epochs):
    A, t = X.cpu().numpy(), y.cpu().numpy()
    w, b, updates = np.zeros(A.shape[1], dtype=A.dtype), 0, 0
    for _ in range(max_epochs):
        before = updates
        for a, s in zip(A, t):
            if s * (a @ w + b) <= 0:
                w = w + (s * a).astype(A.dtype)
                b = b + int(s)
                updates += 1
        if before == updates:
            break
    return torch.from_numpy(w).to(X.device), b, updates
