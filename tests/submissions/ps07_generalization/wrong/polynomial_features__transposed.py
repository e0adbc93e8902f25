"""Powers in the rows.

Fails: *
Says: the powers stand in the rows
"""

def polynomial_features(x, degree):
    return x ** torch.arange(1, degree + 1, device=x.device).unsqueeze(1)
