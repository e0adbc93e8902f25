"""A sampler for each case."""


def load_array(data_arrays, batch_size, is_train=True):
    dataset = TensorDataset(*data_arrays)
    kind = torch.utils.data.RandomSampler if is_train else torch.utils.data.SequentialSampler
    return DataLoader(dataset, batch_size=batch_size, sampler=kind(dataset))
