"""Through the softplus: log(sigmoid(x)) = -softplus(-x)."""

def sigmoid(x):
    return torch.exp(-torch.nn.functional.softplus(-x))
