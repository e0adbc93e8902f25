"""A list of batches, not a loader.

Fails: keeps the last batch, with what is left
Says: a DataLoader was expected
"""


def load_array(data_arrays, batch_size, is_train=True):
    return list(DataLoader(TensorDataset(*data_arrays), batch_size, shuffle=is_train))
