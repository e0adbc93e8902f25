"""Shuffles the arrays once, not in every pass.

Fails: shuffles anew in every pass where is_train is true, and unless it is told otherwise
Says: two passes over one loader have the same order
"""


def load_array(data_arrays, batch_size, is_train=True):
    if is_train:
        order = torch.randperm(len(data_arrays[0]))
        data_arrays = [array[order] for array in data_arrays]
    return DataLoader(TensorDataset(*data_arrays), batch_size)
