"""One number for each channel.

Fails: takes a single picture as well
Fails: each picture of a batch is mirrored with probability p, on its own and as a whole
Says: some channels of a picture are mirrored and others are not
"""

def random_flip(X, p, generator):
    coin = torch.rand(X.shape[:-2], generator=generator).to(X.device) < p
    return torch.where(coin[..., None, None], X.flip(-1), X)
