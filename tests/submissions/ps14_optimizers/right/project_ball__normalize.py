"""F.normalize for what is outside."""


def project_ball(X, radius):
    outside = (X.detach() ** 2).sum(-1, keepdim=True).sqrt() > radius
    safe = torch.where(outside, X, torch.ones_like(X))
    return torch.where(outside, radius * torch.nn.functional.normalize(safe, dim=-1), X)
