"""Lets torchvision mirror the pictures.

Fails: is written by hand: torchvision does not do the work
Says: calls torchvision
"""

def random_flip(X, p, generator):
    coin = torch.rand(X.shape[:-3], generator=generator).to(X.device) < p
    return torch.where(coin[..., None, None, None], v2.functional.horizontal_flip(X), X)
