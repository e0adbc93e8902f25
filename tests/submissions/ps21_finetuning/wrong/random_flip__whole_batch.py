"""One number for the whole batch.

Fails: each picture of a batch is mirrored with probability p, on its own and as a whole
Says: one number was drawn for all of them
"""

def random_flip(X, p, generator):
    if torch.rand(1, generator=generator).item() < p:
        return X.flip(-1)
    return X.clone()
