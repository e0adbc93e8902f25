"""A dataset of one's own."""


class _Rows(torch.utils.data.Dataset):
    def __init__(self, arrays):
        self.arrays = arrays

    def __len__(self):
        return len(self.arrays[0])

    def __getitem__(self, i):
        return tuple(array[i] for array in self.arrays)


def load_array(data_arrays, batch_size, is_train=True):
    return DataLoader(_Rows(data_arrays), batch_size=batch_size, shuffle=bool(is_train), drop_last=False)
