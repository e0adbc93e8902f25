"""from_numpy shares with the table.

Fails: X and y own their memory
"""


def to_tensors(inputs, outputs, dtype=torch.float32):
    import warnings
    warnings.simplefilter("ignore")
    X, y = inputs.to_numpy(dtype=float), outputs.to_numpy(dtype=float)
    X.flags.writeable or X.setflags(write=True)
    y.flags.writeable or y.setflags(write=True)
    return torch.from_numpy(X).to(dtype), torch.from_numpy(y).to(dtype)
