"""Loops over the classes, which is allowed: their number does not grow with the batch."""

def softmax(X):
    m = X[:, 0]
    for j in range(1, X.shape[1]):
        m = torch.maximum(m, X[:, j])
    columns = [torch.exp(X[:, j] - m) for j in range(X.shape[1])]
    total = columns[0]
    for c in columns[1:]:
        total = total + c
    return torch.stack([c / total for c in columns], dim=1)
