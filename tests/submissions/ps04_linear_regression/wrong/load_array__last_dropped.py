"""drop_last.

Fails: keeps the last batch, with what is left
"""


def load_array(data_arrays, batch_size, is_train=True):
    return DataLoader(TensorDataset(*data_arrays), batch_size, shuffle=is_train, drop_last=True)
