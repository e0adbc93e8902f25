"""Names of its own, one random number for each picture reshaped by hand."""

def random_flip(X, p, generator):
    lead = X.shape[:-3]
    u = torch.rand(lead, generator=generator)
    mask = (u < p).reshape(*lead, 1, 1, 1).to(X.device)
    mirrored = torch.flip(X, dims=[-1])
    return torch.where(mask, mirrored, X)
