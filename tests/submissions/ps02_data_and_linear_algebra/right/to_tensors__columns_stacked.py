"""One tensor a column, stacked."""


def to_tensors(inputs, outputs, dtype=torch.float32):
    n = len(inputs)
    columns = [torch.tensor([float(v) for v in inputs[name]], dtype=dtype) for name in inputs]
    X = torch.stack(columns, dim=1) if columns else torch.empty(n, 0, dtype=dtype)
    return X, torch.tensor([float(v) for v in outputs], dtype=dtype)
