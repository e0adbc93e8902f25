"""The default in the signature is changed.

Fails: the dtype is float32 where none is named
"""


def to_tensors(inputs, outputs, dtype=torch.float64):
    X = torch.tensor(inputs.to_numpy(dtype=float), dtype=dtype)
    return X, torch.tensor(outputs.to_numpy(dtype=float), dtype=dtype)
