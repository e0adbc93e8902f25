"""PyTorch's std with correction 0, the division by zero replaced afterwards."""

def standardize(X, dim):
    mean = X.mean(dim, keepdim=True)
    std = X.std(dim, correction=0, keepdim=True)
    return torch.where(std == 0, torch.zeros_like(X), (X - mean) / std)
