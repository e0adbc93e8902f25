"""A Python loop over the pictures.

Fails: goes without a loop over the pictures
Says: loops over the batch
"""

def random_flip(X, p, generator):
    if X.ndim == 3:
        return X.flip(-1) if torch.rand(1, generator=generator) < p else X.clone()
    return torch.stack([x.flip(-1) if torch.rand(1, generator=generator) < p else x for x in X])
