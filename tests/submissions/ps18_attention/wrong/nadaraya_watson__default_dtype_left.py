"""Sets the default dtype for the whole program.

Fails: gives the same when it is called again, and leaves the program as it was
Says: the default dtype is another
"""


def nadaraya_watson(queries, keys, values, w):
    torch.set_default_dtype(torch.float64)
    scores = -(((queries[:, None] - keys) * w) ** 2) / 2
    return (torch.softmax(scores, dim=1) * values).sum(dim=1)
