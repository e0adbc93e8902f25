"""Writes the results into X.

Fails: *
"""


def pipeline_forward(stages, X, micro_batches):
    parts = torch.tensor_split(X, micro_batches)
    for tick in range(len(parts) + len(stages) - 1):
        for s, stage in enumerate(stages):
            if 0 <= tick - s < len(parts):
                parts[tick - s][:] = stage(parts[tick - s].clone())
    return X
