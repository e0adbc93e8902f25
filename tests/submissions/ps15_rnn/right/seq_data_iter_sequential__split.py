"""By split and zip."""


def seq_data_iter_sequential(corpus, batch_size, num_steps, generator=None):
    ids = torch.as_tensor(list(corpus), dtype=torch.int64)
    ids = ids[int(torch.randperm(num_steps, generator=generator)[0]):]
    L = max(len(ids) - 1, 0) // batch_size
    width = L // num_steps * num_steps
    if width == 0:
        return iter(())
    both = [ids[i : i + batch_size * L].view(batch_size, L)[:, :width] for i in (0, 1)]
    return zip(*(part.split(num_steps, dim=1) for part in both))
