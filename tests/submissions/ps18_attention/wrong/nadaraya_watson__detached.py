"""The weights are detached.

Fails: gradients are right
"""

def nadaraya_watson(queries, keys, values, w):
    scores = -(((queries[:, None] - keys) * w) ** 2) / 2
    weights = torch.softmax(scores, dim=1).detach()
    return (weights * values).sum(dim=1)
