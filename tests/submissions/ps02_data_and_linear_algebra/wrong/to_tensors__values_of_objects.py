"""torch.tensor(inputs.values): objects, where numbers stand beside true and false. (000 §1.1.2)

Fails: X holds the table, row by row, and y its labels
Fails: returns something new, and leaves what it was given as it was
Fails: gives the same when it is called again, and leaves the program as it was
May fail: X and y own their memory
May fail: one column, one row and no row keep two dimensions in X and one in y
May fail: the dtype is float32 where none is named
"""


def to_tensors(inputs, outputs, dtype=torch.float32):
    return torch.tensor(inputs.values, dtype=dtype), torch.tensor(outputs.values, dtype=dtype)
