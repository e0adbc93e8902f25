"""Rows of A are picked by a product with one-hot vectors."""


def chain_log_prob(pi, A, x):
    total = pi.gather(0, x[:, 0]).log()
    for now, after in zip(x.T[:-1], x.T[1:]):
        row = A.index_select(0, now)
        total = total + row.gather(1, after[:, None]).squeeze(1).log()
    return total
