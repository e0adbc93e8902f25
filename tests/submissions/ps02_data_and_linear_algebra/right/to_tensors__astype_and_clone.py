"""astype, shared, then cloned."""


def to_tensors(inputs, outputs, dtype=torch.float32):
    X = torch.from_numpy(inputs.astype("float64").to_numpy().copy()).to(dtype).clone()
    y = torch.from_numpy(outputs.astype("float64").to_numpy().copy()).to(dtype).clone()
    return [X, y]
