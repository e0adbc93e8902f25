"""Shuffles the caller's tensors.

Fails: leaves its inputs and the program as they were, and deals out new tensors
"""


def data_iter(batch_size, features, labels):
    order = torch.randperm(len(features))
    features.copy_(features[order])
    labels.copy_(labels[order])
    for i in range(0, len(features), batch_size):
        yield features[i : i + batch_size].clone(), labels[i : i + batch_size].clone()
