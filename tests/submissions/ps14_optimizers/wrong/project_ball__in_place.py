"""Points outside are written over.

Fails: the gradient is finite everywhere and right inside and outside
Fails: leaves its inputs unchanged
"""


def project_ball(X, radius):
    norm = X.norm(dim=-1)
    outside = norm > radius
    with torch.no_grad():
        X[outside] *= radius / norm[outside].unsqueeze(-1)
    return X * 1
