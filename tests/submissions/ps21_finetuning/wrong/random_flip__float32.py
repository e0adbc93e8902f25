"""The result is always float32.

Fails: keeps dtype and device, and takes pictures in any memory order
"""

def random_flip(X, p, generator):
    coin = torch.rand(X.shape[:-3], generator=generator).to(X.device) < p
    return torch.where(coin[..., None, None, None], X.flip(-1), X).float()
