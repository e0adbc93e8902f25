"""Scales the keys in place.

Fails: leaves its inputs unchanged
Fails: gradients are right
Says: was changed by the call
"""

def nadaraya_watson(queries, keys, values, w):
    keys *= w
    scores = -(((queries[:, None] * w - keys)) ** 2) / 2
    weights = torch.softmax(scores, dim=1)
    return (weights * values).sum(dim=1)
