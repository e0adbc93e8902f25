"""x times k.

Fails: *
Says: multiplied by k
"""

def polynomial_features(x, degree):
    return x.unsqueeze(1) * torch.arange(1, degree + 1, device=x.device)
