"""Rows are whole numbers of windows, and go on where these end.

Fails: the rows are long pieces of the corpus, one going on where the other ends
"""


def seq_data_iter_sequential(corpus, batch_size, num_steps, generator=None):
    offset = int(torch.randint(num_steps, (), generator=generator))
    length = max(0, len(corpus) - offset - 1) // batch_size
    length = length // num_steps * num_steps
    Xs = torch.tensor(corpus[offset : offset + batch_size * length]).reshape(batch_size, length)
    Ys = torch.tensor(corpus[offset + 1 : offset + 1 + batch_size * length]).reshape(batch_size, length)
    for i in range(0, length - num_steps + 1, num_steps):
        yield Xs[:, i : i + num_steps], Ys[:, i : i + num_steps]
