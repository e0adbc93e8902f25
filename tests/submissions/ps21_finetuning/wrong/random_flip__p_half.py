"""The probability is hard-coded.

Fails: p = 1 mirrors every picture left to right, p = 0 none
Fails: each picture of a batch is mirrored with probability p, on its own and as a whole
Says: the probability is another than p
"""

def random_flip(X, p, generator):
    coin = torch.rand(X.shape[:-3], generator=generator).to(X.device) < 0.5
    return torch.where(coin[..., None, None, None], X.flip(-1), X)
