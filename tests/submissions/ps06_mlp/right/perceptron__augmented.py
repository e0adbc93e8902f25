"""The bias as one more weight, on an input that is always 1."""

def perceptron(X, y, max_epochs):
    ones = torch.ones(len(X), 1, dtype=X.dtype, device=X.device)
    Z = torch.cat([X, ones], dim=1)
    theta = torch.zeros(Z.shape[1], dtype=X.dtype, device=X.device)
    updates = 0
    for epoch in range(max_epochs):
        mistakes = 0
        for i in range(len(Z)):
            if y[i] * torch.dot(Z[i], theta) <= 0:
                theta += y[i] * Z[i]
                mistakes += 1
        updates += mistakes
        if mistakes == 0:
            break
    return theta[:-1], theta[-1], updates
