"""Writes the results into a tensor like X.

Fails: gradients flow back through all stages
Fails: leaves the program as it was
"""

def pipeline_forward(stages, X, micro_batches):
    parts = list(torch.tensor_split(X, micro_batches))
    for tick in range(len(parts) + len(stages) - 1):
        for s, stage in enumerate(stages):
            m = tick - s
            if 0 <= m < len(parts):
                parts[m] = stage(parts[m])
    out, at = torch.zeros(X.shape), 0
    for p in parts:
        out[at: at + len(p)] = p
        at += len(p)
    return out
