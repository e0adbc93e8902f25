"""The second hint, word for word."""


def seq_data_iter_random(corpus, batch_size, num_steps, generator=None):
    o = int(torch.randint(num_steps, (1,), generator=generator))
    num_windows = (len(corpus) - o - 1) // num_steps
    starts = o + num_steps * torch.randperm(num_windows, generator=generator)
    for group in starts.split(batch_size):
        if len(group) == batch_size:
            X = torch.tensor([corpus[s : s + num_steps] for s in group])
            Y = torch.tensor([corpus[s + 1 : s + 1 + num_steps] for s in group])
            yield X, Y
