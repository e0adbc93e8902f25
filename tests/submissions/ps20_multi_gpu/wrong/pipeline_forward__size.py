"""Takes the number of micro-batches for their size.

Fails: every stage sees every micro-batch once
Fails: goes tick by tick: in tick t stage s works on micro-batch t − s
"""


def pipeline_forward(stages, X, micro_batches):
    parts = list(X.split(micro_batches))
    for tick in range(len(parts) + len(stages) - 1):
        for s, stage in enumerate(stages):
            if 0 <= tick - s < len(parts):
                parts[tick - s] = stage(parts[tick - s])
    return torch.cat(parts)
