"""The index stands in the first column.

Fails: X holds the table, row by row, and y its labels
Says: the index labels
May fail: X and y own their memory
"""


def to_tensors(inputs, outputs, dtype=torch.float32):
    X = torch.tensor(inputs.reset_index().to_numpy(dtype=float), dtype=dtype)
    return X, torch.tensor(outputs.to_numpy(dtype=float), dtype=dtype)
