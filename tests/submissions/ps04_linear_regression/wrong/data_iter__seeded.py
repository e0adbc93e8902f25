"""Sets the program's seed in every pass.

Fails: the samples are shuffled, anew in every pass
Fails: leaves its inputs and the program as they were, and deals out new tensors
"""


def data_iter(batch_size, features, labels):
    torch.manual_seed(0)
    order = torch.randperm(len(features))
    for i in range(0, len(features), batch_size):
        rows = order[i : i + batch_size]
        yield features[rows], labels[rows]
