"""As the book does it, with a generator."""


def seq_data_iter_random(corpus, batch_size, num_steps, generator=None):
    corpus = corpus[torch.randint(0, num_steps, (1,), generator=generator).item():]
    num_subseqs = (len(corpus) - 1) // num_steps
    initial_indices = list(range(0, num_subseqs * num_steps, num_steps))
    order = torch.randperm(len(initial_indices), generator=generator)
    initial_indices = [initial_indices[i] for i in order]

    def data(pos):
        return corpus[pos: pos + num_steps]

    num_batches = num_subseqs // batch_size
    for i in range(0, batch_size * num_batches, batch_size):
        initial_indices_per_batch = initial_indices[i: i + batch_size]
        X = [data(j) for j in initial_indices_per_batch]
        Y = [data(j + 1) for j in initial_indices_per_batch]
        yield torch.tensor(X), torch.tensor(Y)
