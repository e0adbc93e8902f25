"""Cuts the caller's list.

Fails: leaves the corpus unchanged, and takes any list of ints
"""


def seq_data_iter_sequential(corpus, batch_size, num_steps, generator=None):
    offset = int(torch.randint(num_steps, (), generator=generator))
    del corpus[:offset]
    offset = 0
    length = max(0, len(corpus) - offset - 1) // batch_size
    Xs = torch.tensor(corpus[offset : offset + batch_size * length]).reshape(batch_size, length)
    Ys = torch.tensor(corpus[offset + 1 : offset + 1 + batch_size * length]).reshape(batch_size, length)
    for i in range(0, length - num_steps + 1, num_steps):
        yield Xs[:, i : i + num_steps], Ys[:, i : i + num_steps]
