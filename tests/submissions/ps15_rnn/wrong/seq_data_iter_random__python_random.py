"""Chance from Python's random.

Fails: all chance comes from the generator
"""


import random

def seq_data_iter_random(corpus, batch_size, num_steps, generator=None):
    corpus = corpus[random.randint(0, num_steps - 1):]
    starts = list(range(0, len(corpus) - num_steps, num_steps))
    random.shuffle(starts)
    for i in range(0, len(starts) - batch_size + 1, batch_size):
        group = starts[i : i + batch_size]
        yield torch.tensor([corpus[s : s + num_steps] for s in group]), torch.tensor([corpus[s + 1 : s + 1 + num_steps] for s in group])
