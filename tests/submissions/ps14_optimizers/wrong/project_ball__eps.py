"""eps in the denominator: points inside are not quite what they were.

Fails: points inside stay bit for bit, and so do zero vectors, with radius 0 too
Fails: the gradient is finite everywhere and right inside and outside
Fails: keeps the dtype, and takes numbers in any memory order
"""


def project_ball(X, radius):
    norm = torch.linalg.vector_norm(X, dim=-1, keepdim=True)
    return X * (radius / (norm + 1e-6)).clamp(max=1 - 1e-6)
