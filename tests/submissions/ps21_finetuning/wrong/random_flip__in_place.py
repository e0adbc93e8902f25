"""Writes into the caller's pictures.

Fails: leaves the pictures unchanged
"""

def random_flip(X, p, generator):
    coin = torch.rand(X.shape[:-3], generator=generator).to(X.device) < p
    X.copy_(torch.where(coin[..., None, None, None], X.flip(-1), X))
    return X
