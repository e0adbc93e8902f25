"""Writes the ones at pairs of positions."""

def one_hot(y, num_classes):
    table = y.new_zeros((y.shape[0], num_classes))
    table[range(y.shape[0]), y] = 1
    return table
