"""Draws with replacement: some samples come twice, some never.

Fails: every sample comes once in a pass
"""


def data_iter(batch_size, features, labels):
    n = len(features)
    for i in range(0, n, batch_size):
        rows = torch.randint(0, n, (min(batch_size, n - i),))
        yield features[rows], labels[rows]
