"""X and y are shuffled apart.

Fails: features stay with their labels
"""


def data_iter(batch_size, features, labels):
    X, y = features[torch.randperm(len(features))], labels[torch.randperm(len(labels))]
    for i in range(0, len(X), batch_size):
        yield X[i : i + batch_size], y[i : i + batch_size]
