"""A table of one column loses a dimension.

Fails: one column, one row and no row keep two dimensions in X and one in y
May fail: X and y own their memory
"""


def to_tensors(inputs, outputs, dtype=torch.float32):
    X = torch.tensor(inputs.to_numpy(dtype=float), dtype=dtype).squeeze()
    return X, torch.tensor(outputs.to_numpy(dtype=float), dtype=dtype)
