"""0/0 with radius 0.

Fails: points inside stay bit for bit, and so do zero vectors, with radius 0 too
Fails: the gradient is finite everywhere and right inside and outside
"""


def project_ball(X, radius):
    norm = torch.linalg.vector_norm(X, dim=-1, keepdim=True)
    return X * torch.where(norm < radius, torch.ones_like(norm), radius / norm)
