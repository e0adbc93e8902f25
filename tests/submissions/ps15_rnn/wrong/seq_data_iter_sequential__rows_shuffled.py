"""Rows in another order in every batch.

Fails: row r of a batch goes on where row r of the batch before has ended
Says: begins at
"""


def seq_data_iter_sequential(corpus, batch_size, num_steps, generator=None):
    o = int(torch.randint(num_steps, (), generator=generator))
    L = (len(corpus) - o - 1) // batch_size
    Xs = torch.tensor(corpus[o : o + batch_size * L]).reshape(batch_size, L)
    Ys = torch.tensor(corpus[o + 1 : o + 1 + batch_size * L]).reshape(batch_size, L)
    for i in range(0, L - num_steps + 1, num_steps):
        rows = torch.randperm(batch_size, generator=generator)
        yield Xs[rows, i : i + num_steps], Ys[rows, i : i + num_steps]
