"""`return` in the loop: one batch and no more.

Fails: every sample comes once in a pass
"""


def data_iter(batch_size, features, labels):
    order = torch.randperm(len(features))
    for i in range(0, len(features), batch_size):
        rows = order[i : i + batch_size]
        return [(features[rows], labels[rows])]
    return []
