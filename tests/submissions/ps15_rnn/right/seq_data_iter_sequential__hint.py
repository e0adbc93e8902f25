"""The second hint, word for word."""


def seq_data_iter_sequential(corpus, batch_size, num_steps, generator=None):
    o = int(torch.randint(num_steps, (1,), generator=generator))
    L = (len(corpus) - o - 1) // batch_size
    Xs = torch.tensor(corpus[o : o + batch_size * L]).reshape(batch_size, L)
    Ys = torch.tensor(corpus[o + 1 : o + 1 + batch_size * L]).reshape(batch_size, L)
    for i in range(0, L // num_steps * num_steps, num_steps):
        yield Xs[:, i : i + num_steps], Ys[:, i : i + num_steps]
