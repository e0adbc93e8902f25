"""X (d, n).

Fails: X holds the table, row by row, and y its labels
May fail: X and y own their memory
May fail: one column, one row and no row keep two dimensions in X and one in y
May fail: the numbers have the dtype that is asked for, float64 to its last digits
"""


def to_tensors(inputs, outputs, dtype=torch.float32):
    X = torch.tensor(inputs.to_numpy(dtype=float), dtype=dtype).T
    return X, torch.tensor(outputs.to_numpy(dtype=float), dtype=dtype)
