"""Returns a list, from tensors of all windows; chance by torch.rand."""


def seq_data_iter_random(corpus, batch_size, num_steps, generator=None):
    ids = torch.tensor(corpus, dtype=torch.long)
    o = min(int(torch.rand(1, generator=generator) * num_steps), num_steps - 1)
    m = (len(ids) - o - 1) // num_steps
    if m < batch_size:
        return []
    X = ids[o : o + m * num_steps].reshape(m, num_steps)
    Y = ids[o + 1 : o + 1 + m * num_steps].reshape(m, num_steps)
    order = torch.rand(m, generator=generator).argsort()[: m // batch_size * batch_size]
    return list(zip(X[order].split(batch_size), Y[order].split(batch_size)))
