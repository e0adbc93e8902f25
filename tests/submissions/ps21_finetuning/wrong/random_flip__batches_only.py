"""Takes batches only: a single picture gets a dimension too many.

Fails: takes a single picture as well
"""

def random_flip(X, p, generator):
    coin = torch.rand(len(X), generator=generator).to(X.device) < p
    return torch.where(coin[:, None, None, None], X.flip(-1), X)
