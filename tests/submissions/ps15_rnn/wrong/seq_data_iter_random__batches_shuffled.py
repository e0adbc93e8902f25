"""Batches are in random order, windows are not.

Fails: the windows come in random order
Says: neighbours
"""


def seq_data_iter_random(corpus, batch_size, num_steps, generator=None):
    offset = int(torch.randint(num_steps, (), generator=generator))
    num_windows = max(0, (len(corpus) - offset - 1) // num_steps)
    groups = torch.arange(num_windows // batch_size * batch_size).reshape(-1, batch_size)
    for group in groups[torch.randperm(len(groups), generator=generator)]:
        starts = (offset + num_steps * group).tolist()
        yield torch.tensor([corpus[s : s + num_steps] for s in starts]), torch.tensor([corpus[s + 1 : s + 1 + num_steps] for s in starts])
