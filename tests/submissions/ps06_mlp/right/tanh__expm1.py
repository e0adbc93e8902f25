"""expm1 for accuracy near 0."""

def tanh(x):
    a = torch.where(x >= 0, -2 * x, 2 * x)
    e = torch.expm1(a)
    return torch.where(x >= 0, -e, e) / (2 + e)
