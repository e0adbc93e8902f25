"""Seeds a generator of its own: the same coins in every call.

Fails: all chance comes from the generator: the same state, the same result
Fails: takes a single picture as well
"""

def random_flip(X, p, generator):
    generator = torch.Generator().manual_seed(0)
    coin = torch.rand(X.shape[:-3], generator=generator).to(X.device) < p
    return torch.where(coin[..., None, None, None], X.flip(-1), X)
