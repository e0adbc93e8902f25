"""Leaves the default dtype changed.

Fails: leaves the program as it was
"""

def pipeline_forward(stages, X, micro_batches):
    torch.set_grad_enabled(True)
    torch.set_default_dtype(X.dtype)
    parts = list(torch.tensor_split(X, micro_batches))
    for tick in range(len(parts) + len(stages) - 1):
        for s, stage in enumerate(stages):
            m = tick - s
            if 0 <= m < len(parts):
                parts[m] = stage(parts[m])
    return torch.cat(parts)
