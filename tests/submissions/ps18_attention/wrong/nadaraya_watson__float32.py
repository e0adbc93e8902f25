"""Computes in float32.

Fails: gradients are right
Fails: keeps the dtype, and takes numbers in any memory order
"""

def nadaraya_watson(queries, keys, values, w):
    scores = -(((queries[:, None] - keys).float() * w) ** 2) / 2
    weights = torch.softmax(scores, dim=1)
    return (weights * values.float()).sum(dim=1)
