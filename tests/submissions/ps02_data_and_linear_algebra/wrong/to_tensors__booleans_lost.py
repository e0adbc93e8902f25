"""Only number columns are taken.

Fails: X holds the table, row by row, and y its labels
Says: true and false are lost
May fail: one column, one row and no row keep two dimensions in X and one in y
"""


def to_tensors(inputs, outputs, dtype=torch.float32):
    X = torch.tensor(inputs.select_dtypes("number").to_numpy(dtype=float), dtype=dtype)
    return X, torch.tensor(outputs.to_numpy(dtype=float), dtype=dtype)
