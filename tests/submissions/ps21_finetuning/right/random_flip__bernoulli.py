"""torch.bernoulli, and a sum in place of where."""

def random_flip(X, p, generator):
    f = torch.bernoulli(torch.full(X.shape[:-3], float(p)), generator=generator).bool().to(X.device)[..., None, None, None]
    return X.flip(-1) * f + X * ~f
