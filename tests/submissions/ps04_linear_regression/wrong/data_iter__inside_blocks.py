"""Each block is shuffled by itself.

Fails: the samples are shuffled, anew in every pass
Says: the same samples are always in one batch
"""


def data_iter(batch_size, features, labels):
    for i in range(0, len(features), batch_size):
        n = min(batch_size, len(features) - i)
        rows = i + torch.randperm(n)
        yield features[rows], labels[rows]
