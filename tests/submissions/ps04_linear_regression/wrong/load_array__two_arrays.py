"""Exactly two arrays.

Fails: gives a DataLoader over the rows of any number of tensors
"""


def load_array(data_arrays, batch_size, is_train=True):
    features, labels = data_arrays
    return DataLoader(TensorDataset(features, labels), batch_size, shuffle=is_train)
