"""Micro-batches of m // M samples: the rest is dropped.

Fails: equals the plain forward pass
Fails: every stage sees every micro-batch once
Fails: goes tick by tick: in tick t stage s works on micro-batch t − s
"""


def pipeline_forward(stages, X, micro_batches):
    size = len(X) // micro_batches
    parts = [X[i * size : (i + 1) * size] for i in range(micro_batches)]
    for tick in range(len(parts) + len(stages) - 1):
        for s, stage in enumerate(stages):
            if 0 <= tick - s < len(parts):
                parts[tick - s] = stage(parts[tick - s])
    return torch.cat(parts)
