"""The root of a sum of squares has no slope at zero.

Fails: the gradient is finite everywhere and right inside and outside
"""


def project_ball(X, radius):
    norm = (X**2).sum(dim=-1, keepdim=True).sqrt()
    return torch.where(norm > radius, X * radius / norm, X)
