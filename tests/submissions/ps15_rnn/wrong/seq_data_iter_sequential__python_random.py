"""Chance from Python's random.

Fails: all chance comes from the generator
"""


import random

def seq_data_iter_sequential(corpus, batch_size, num_steps, generator=None):
    offset = random.randint(0, num_steps)
    length = max(0, len(corpus) - offset - 1) // batch_size
    Xs = torch.tensor(corpus[offset : offset + batch_size * length]).reshape(batch_size, length)
    Ys = torch.tensor(corpus[offset + 1 : offset + 1 + batch_size * length]).reshape(batch_size, length)
    for i in range(0, length - num_steps + 1, num_steps):
        yield Xs[:, i : i + num_steps], Ys[:, i : i + num_steps]
