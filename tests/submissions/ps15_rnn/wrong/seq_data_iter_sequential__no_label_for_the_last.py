"""The −1 for the labels is forgotten.

Fails: every row of X is a window of the corpus, batches are (batch_size, num_steps) and int64
"""


def seq_data_iter_sequential(corpus, batch_size, num_steps, generator=None):
    offset = int(torch.randint(num_steps, (), generator=generator))
    length = max(0, len(corpus) - offset) // batch_size
    Xs = torch.tensor(corpus[offset : offset + batch_size * length]).reshape(batch_size, length)
    Ys = torch.tensor(corpus[offset + 1 : offset + 1 + batch_size * length]).reshape(batch_size, length)
    for i in range(0, length - num_steps + 1, num_steps):
        yield Xs[:, i : i + num_steps], Ys[:, i : i + num_steps]
