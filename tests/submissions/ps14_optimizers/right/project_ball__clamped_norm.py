"""One division, by at least the radius; where() keeps points inside as they are."""


def project_ball(X, radius):
    norm = X.norm(dim=-1, keepdim=True)
    tiny = torch.finfo(X.dtype).tiny
    pulled = X / norm.clamp(min=max(float(radius), tiny)) * radius
    return torch.where(norm > radius, pulled, X)
