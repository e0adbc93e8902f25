"""The first two arrays, whatever is given.

Fails: gives a DataLoader over the rows of any number of tensors
"""


def load_array(data_arrays, batch_size, is_train=True):
    return DataLoader(TensorDataset(data_arrays[0], data_arrays[-1]), batch_size, shuffle=is_train)
