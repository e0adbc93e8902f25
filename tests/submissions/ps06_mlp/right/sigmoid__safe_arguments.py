"""Both fractions, each on arguments that are safe for it."""

def sigmoid(x):
    pos = torch.where(x >= 0, x, 0.0)
    neg = torch.where(x < 0, x, 0.0)
    return torch.where(x >= 0, 1 / (1 + torch.exp(-pos)), torch.exp(neg) / (1 + torch.exp(neg)))
