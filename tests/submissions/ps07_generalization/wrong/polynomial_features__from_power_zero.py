"""The powers 0 … degree - 1, as if the bias were one of them.

Fails: *
Says: the powers begin with 0
"""

def polynomial_features(x, degree):
    return x.unsqueeze(1) ** torch.arange(degree, device=x.device)
