"""Shuffles in any case.

Fails: keeps the order where is_train is false
"""


def load_array(data_arrays, batch_size, is_train=True):
    return DataLoader(TensorDataset(*data_arrays), batch_size, shuffle=True)
