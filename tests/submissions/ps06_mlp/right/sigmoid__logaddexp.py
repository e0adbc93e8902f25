"""Through the logarithm: exp(-log(1 + exp(-x)))."""

def sigmoid(x):
    return torch.exp(-torch.logaddexp(torch.zeros_like(x), -x))
