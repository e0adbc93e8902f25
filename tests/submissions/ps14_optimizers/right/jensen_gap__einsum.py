"""einsum and dot, the mean as a batch of one."""


def jensen_gap(f, X, alpha):
    centre = torch.einsum("n,nd->d", alpha, X)[None]
    return torch.dot(alpha, f(X)) - f(centre)[0]
