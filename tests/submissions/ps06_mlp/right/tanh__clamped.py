"""The exponent is bounded where nothing is lost."""

def tanh(x):
    e = torch.exp(-2 * x.clamp(-20, 20))
    return (1 - e) / (1 + e)
