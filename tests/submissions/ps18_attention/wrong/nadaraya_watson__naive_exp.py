"""Divides exponentials that may all be zero.

Fails: stays finite for queries far from all keys
"""

def nadaraya_watson(queries, keys, values, w):
    kernel = torch.exp(-(((queries[:, None] - keys) * w) ** 2) / 2)
    return (kernel * values).sum(dim=1) / kernel.sum(dim=1)
