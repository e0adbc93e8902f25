"""is_train is false unless it is given.

Fails: shuffles anew in every pass where is_train is true, and unless it is told otherwise
Says: where is_train is not given
"""


def load_array(data_arrays, batch_size, is_train=False):
    return DataLoader(TensorDataset(*data_arrays), batch_size, shuffle=is_train)
