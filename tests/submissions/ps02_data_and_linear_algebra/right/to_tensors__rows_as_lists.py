"""Lists of rows."""


def to_tensors(inputs, outputs, dtype=torch.float32):
    rows = inputs.astype(float).values.tolist()
    return torch.tensor(rows, dtype=dtype).reshape(inputs.shape), torch.tensor(outputs.tolist(), dtype=dtype)
