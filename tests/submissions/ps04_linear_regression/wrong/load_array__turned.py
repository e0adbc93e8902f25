"""shuffle where it should not, and not where it should.

Fails: keeps the order where is_train is false
Fails: shuffles anew in every pass where is_train is true, and unless it is told otherwise
"""


def load_array(data_arrays, batch_size, is_train=True):
    return DataLoader(TensorDataset(*data_arrays), batch_size, shuffle=not is_train)
