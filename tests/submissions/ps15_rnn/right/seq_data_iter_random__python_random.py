"""Python's random, seeded by the generator."""


import random

def seq_data_iter_random(corpus, batch_size, num_steps, generator=None):
    chance = random.Random(torch.randint(2**40, (1,), generator=generator).item())
    offset = chance.randint(0, num_steps - 1)
    starts = list(range(offset, len(corpus) - num_steps, num_steps))
    chance.shuffle(starts)
    while len(starts) >= batch_size:
        group, starts = starts[:batch_size], starts[batch_size:]
        windows = torch.tensor([corpus[s : s + num_steps + 1] for s in group])
        yield windows[:, :-1], windows[:, 1:]
