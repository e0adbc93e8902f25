"""Adds a small number to the sum of the exponentials: far queries get 0.

Fails: is the weighted average of the formula, with the same keys and values for all queries
Fails: takes a row of keys and values for each query
Fails: w may be a tensor with one entry, and 0 gives the plain mean
Fails: stays finite for queries far from all keys
"""

def nadaraya_watson(queries, keys, values, w):
    kernel = torch.exp(-(((queries[:, None] - keys) * w) ** 2) / 2)
    return (kernel * values).sum(dim=1) / (kernel.sum(dim=1) + 1e-3)
