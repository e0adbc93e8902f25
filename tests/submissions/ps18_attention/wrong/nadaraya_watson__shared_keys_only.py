"""Multiplies the table of weights by one vector of values.

Fails: takes a row of keys and values for each query
"""

def nadaraya_watson(queries, keys, values, w):
    scores = -(((queries[:, None] - keys) * w) ** 2) / 2
    weights = torch.softmax(scores, dim=1)
    return weights @ values
