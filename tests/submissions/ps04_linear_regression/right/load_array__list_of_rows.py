"""A list of rows, zipped, is a dataset as well."""


def load_array(data_arrays, batch_size, is_train=True):
    return DataLoader(list(zip(*data_arrays)), batch_size, is_train)
