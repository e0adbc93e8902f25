"""Results are flattened to two dimensions.

Fails: equals the plain forward pass
"""

def pipeline_forward(stages, X, micro_batches):
    parts = list(torch.tensor_split(X, micro_batches))
    for tick in range(len(parts) + len(stages) - 1):
        for s, stage in enumerate(stages):
            m = tick - s
            if 0 <= m < len(parts):
                parts[m] = stage(parts[m])
    return torch.cat([p.flatten(1) for p in parts])
