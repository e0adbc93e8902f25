"""Returns the list of the results.

Fails: leaves the program as it was
Fails: equals the plain forward pass
"""


def pipeline_forward(stages, X, micro_batches):
    parts = list(torch.tensor_split(X, micro_batches))
    for tick in range(len(parts) + len(stages) - 1):
        for s, stage in enumerate(stages):
            if 0 <= tick - s < len(parts):
                parts[tick - s] = stage(parts[tick - s])
    return parts
