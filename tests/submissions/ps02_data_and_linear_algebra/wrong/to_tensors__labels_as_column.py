"""y has shape (n, 1).

Fails: X holds the table, row by row, and y its labels
Says: y has a dimension too many
May fail: X and y own their memory
"""


def to_tensors(inputs, outputs, dtype=torch.float32):
    X = torch.tensor(inputs.to_numpy(dtype=float), dtype=dtype)
    return X, torch.tensor(outputs.to_numpy(dtype=float), dtype=dtype).reshape(-1, 1)
