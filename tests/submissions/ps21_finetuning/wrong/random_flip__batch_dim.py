"""Turns the batch round instead of the columns.

Fails: takes a single picture as well
Fails: p = 1 mirrors every picture left to right, p = 0 none
Fails: each picture of a batch is mirrored with probability p, on its own and as a whole
Says: the order of the batch is turned round
"""

def random_flip(X, p, generator):
    coin = torch.rand(X.shape[:-3], generator=generator).to(X.device) < p
    return torch.where(coin[..., None, None, None], X.flip(0), X)
