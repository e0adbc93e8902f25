"""Batches come in random order.

Fails: row r of a batch goes on where row r of the batch before has ended
Fails: the rows are long pieces of the corpus, one going on where the other ends
Fails: every offset from 0 to num_steps − 1 occurs
"""


def seq_data_iter_sequential(corpus, batch_size, num_steps, generator=None):
    offset = int(torch.randint(num_steps, (), generator=generator))
    length = max(0, len(corpus) - offset - 1) // batch_size
    Xs = torch.tensor(corpus[offset : offset + batch_size * length]).reshape(batch_size, length)
    Ys = torch.tensor(corpus[offset + 1 : offset + 1 + batch_size * length]).reshape(batch_size, length)
    starts = list(range(0, length - num_steps + 1, num_steps))
    for i in (starts[j] for j in torch.randperm(len(starts), generator=generator)):
        yield Xs[:, i : i + num_steps], Ys[:, i : i + num_steps]
