"""`split` of no row numbers gives one empty piece, and so an empty batch.

Fails: no samples, no batch
"""


def data_iter(batch_size, features, labels):
    for rows in torch.randperm(len(features)).split(batch_size):
        yield features[rows], labels[rows]
