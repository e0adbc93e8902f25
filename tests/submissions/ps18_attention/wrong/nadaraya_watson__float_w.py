"""Turns w into a Python number: it cannot be learned.

Fails: gradients are right
"""

def nadaraya_watson(queries, keys, values, w):
    w = float(w)
    scores = -(((queries[:, None] - keys) * w) ** 2) / 2
    weights = torch.softmax(scores, dim=1)
    return (weights * values).sum(dim=1)
