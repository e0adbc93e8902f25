"""Turns the columns round by an index instead of flip; a Bernoulli draw."""

def random_flip(X, p, generator):
    backwards = torch.arange(X.shape[-1] - 1, -1, -1, device=X.device)
    coin = torch.bernoulli(torch.full(X.shape[:-3], float(p)), generator=generator).to(X)[..., None, None, None]
    return coin * X[..., backwards] + (1 - coin) * X
