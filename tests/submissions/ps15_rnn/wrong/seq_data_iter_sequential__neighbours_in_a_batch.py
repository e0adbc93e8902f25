"""Neighbours stand in one batch, under one another.

Fails: row r of a batch goes on where row r of the batch before has ended
Says: neighbours stand in one batch
"""


def seq_data_iter_sequential(corpus, batch_size, num_steps, generator=None):
    offset = int(torch.randint(num_steps, (), generator=generator))
    m = max(0, (len(corpus) - offset - 1) // num_steps)
    Xs = torch.tensor(corpus[offset : offset + m * num_steps]).reshape(-1, num_steps)
    Ys = torch.tensor(corpus[offset + 1 : offset + 1 + m * num_steps]).reshape(-1, num_steps)
    for i in range(0, m - batch_size + 1, batch_size):
        yield Xs[i : i + batch_size], Ys[i : i + batch_size]
