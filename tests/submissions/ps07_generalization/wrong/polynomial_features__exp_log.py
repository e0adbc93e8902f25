"""exp(k log x): NaN for negative numbers.

Fails: *
"""

def polynomial_features(x, degree):
    k = torch.arange(1, degree + 1, dtype=x.dtype, device=x.device)
    return torch.exp(k * torch.log(x.unsqueeze(1)))
