"""torch.where with a tensor of zeros."""

def relu(X):
    a = torch.zeros_like(X)
    return torch.where(X > a, X, a)
