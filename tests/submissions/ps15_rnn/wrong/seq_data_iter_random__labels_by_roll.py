"""Y is X rolled, so that the last label is the first token of its row.

Fails: Y is X one token later
"""


def seq_data_iter_random(corpus, batch_size, num_steps, generator=None):
    offset = int(torch.randint(num_steps, (), generator=generator))
    num_windows = max(0, (len(corpus) - offset - 1) // num_steps)
    starts = (offset + num_steps * torch.randperm(num_windows, generator=generator)).tolist()
    for i in range(0, num_windows - batch_size + 1, batch_size):
        group = starts[i : i + batch_size]
        X = torch.tensor([corpus[s : s + num_steps] for s in group])
        Y = torch.roll(X, -1, dims=1)
        yield X, Y
