"""One number for each pixel.

Fails: takes a single picture as well
Fails: each picture of a batch is mirrored with probability p, on its own and as a whole
"""

def random_flip(X, p, generator):
    return torch.where(torch.rand(X.shape, generator=generator).to(X.device) < p, X.flip(-1), X)
