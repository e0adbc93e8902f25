"""The dtype of the table, float64. (000 §1.1.2)

Fails: X holds the table, row by row, and y its labels
Fails: the numbers have the dtype that is asked for, float64 to its last digits
Fails: the dtype is float32 where none is named
May fail: returns something new, and leaves what it was given as it was
May fail: gives the same when it is called again, and leaves the program as it was
May fail: one column, one row and no row keep two dimensions in X and one in y
"""


def to_tensors(inputs, outputs, dtype=torch.float32):
    return torch.tensor(inputs.to_numpy(dtype=float)), torch.tensor(outputs.to_numpy(dtype=float))
