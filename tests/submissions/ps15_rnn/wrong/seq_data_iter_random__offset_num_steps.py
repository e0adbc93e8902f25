"""The offset may be num_steps, as in the book.

Fails: every offset from 0 to num_steps − 1 occurs
"""


def seq_data_iter_random(corpus, batch_size, num_steps, generator=None):
    offset = int(torch.randint(num_steps + 1, (), generator=generator))
    num_windows = max(0, (len(corpus) - offset - 1) // num_steps)
    starts = (offset + num_steps * torch.randperm(num_windows, generator=generator)).tolist()
    for i in range(0, num_windows - batch_size + 1, batch_size):
        group = starts[i : i + batch_size]
        X = torch.tensor([corpus[s : s + num_steps] for s in group])
        Y = torch.tensor([corpus[s + 1 : s + 1 + num_steps] for s in group])
        yield X, Y
