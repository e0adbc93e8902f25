"""A branch of its own for a single picture."""

def random_flip(X, p, generator):
    if X.dim() == 3:
        if torch.rand(1, generator=generator).item() < p:
            return X.flip(2)
        return X.clone()
    n = X.size(0)
    flip = torch.rand(n, 1, 1, 1, generator=generator) < p
    return torch.where(flip.to(X.device), X.flip(3), X)
