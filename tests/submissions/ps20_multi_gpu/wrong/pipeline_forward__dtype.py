"""Stages get float32.

Fails: gradients flow back through all stages
"""

def pipeline_forward(stages, X, micro_batches):
    parts = list(torch.tensor_split(X.float(), micro_batches))
    for tick in range(len(parts) + len(stages) - 1):
        for s, stage in enumerate(stages):
            m = tick - s
            if 0 <= m < len(parts):
                parts[m] = stage(parts[m].float())
    return torch.cat(parts).to(X.dtype)
