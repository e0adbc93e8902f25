"""The batch size of the notes.

Fails: keeps the last batch, with what is left
"""


def load_array(data_arrays, batch_size, is_train=True):
    return DataLoader(TensorDataset(*data_arrays), 10, shuffle=is_train)
