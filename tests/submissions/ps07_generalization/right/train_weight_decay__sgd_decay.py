"""With the course's step and summed losses."""

def train_weight_decay(X, y, lambd, lr, num_epochs, batch_size):
    y = y.reshape(-1, 1)
    w = torch.normal(0, 1, (X.shape[1], 1), dtype=X.dtype).requires_grad_()
    b = torch.zeros(1, dtype=X.dtype).requires_grad_()
    for epoch in range(num_epochs):
        order = torch.randperm(len(X))
        for start in range(0, len(X), batch_size):
            rows = order[start : start + batch_size]
            (0.5 * (X[rows] @ w + b - y[rows]) ** 2).sum().backward()
            sgd_decay([w], [b], lr, len(rows), lambd)
    return w.detach(), b.detach()
