"""Leaves the last stage out.

Fails: equals the plain forward pass
Fails: every stage sees every micro-batch once
Fails: goes tick by tick: in tick t stage s works on micro-batch t − s
"""


def pipeline_forward(stages, X, micro_batches):
    parts = list(torch.tensor_split(X, micro_batches))
    for tick in range(len(parts) + len(stages) - 2):
        for s in range(len(stages) - 1):
            if 0 <= tick - s < len(parts):
                parts[tick - s] = stages[s](parts[tick - s])
    return torch.cat(parts)
