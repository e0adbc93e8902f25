"""Returns a list, rows written out."""


def seq_data_iter_sequential(corpus, batch_size, num_steps, generator=None):
    o = torch.randint(high=num_steps, size=(1,), generator=generator)[0]
    L = (len(corpus) - int(o) - 1) // batch_size
    result = []
    for b in range(L // num_steps):
        starts = [int(o) + r * L + b * num_steps for r in range(batch_size)]
        X = torch.tensor([corpus[s : s + num_steps] for s in starts])
        Y = torch.tensor([corpus[s + 1 : s + num_steps + 1] for s in starts])
        result.append((X, Y))
    return result
