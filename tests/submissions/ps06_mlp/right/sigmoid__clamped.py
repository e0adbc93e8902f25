"""The exponent is bounded where nothing is lost."""

def sigmoid(x):
    return 1.0 / (1.0 + torch.exp(-x.clamp(-50, 50)))
