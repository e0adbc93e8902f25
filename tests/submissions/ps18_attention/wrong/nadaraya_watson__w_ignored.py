"""w is not used.

Fails: is the weighted average of the formula, with the same keys and values for all queries
Fails: takes a row of keys and values for each query
Fails: w may be a tensor with one entry, and 0 gives the plain mean
Fails: stays finite for queries far from all keys
Says: w is left out
"""

def nadaraya_watson(queries, keys, values, w):
    scores = -(((queries[:, None] - keys)* 1.0) ** 2) / 2
    weights = torch.softmax(scores, dim=1)
    return (weights * values).sum(dim=1)
