"""Draws from the global random numbers.

Fails: all chance comes from the generator: the same state, the same result
"""

def random_flip(X, p, generator):
    coin = torch.rand(X.shape[:-3]).to(X.device) < p
    return torch.where(coin[..., None, None, None], X.flip(-1), X)
