"""Detaches between the stages.

Fails: gradients flow back through all stages
"""


def pipeline_forward(stages, X, micro_batches):
    parts = list(torch.tensor_split(X, micro_batches))
    for tick in range(len(parts) + len(stages) - 1):
        for s, stage in enumerate(stages):
            if 0 <= tick - s < len(parts):
                parts[tick - s] = stage(parts[tick - s].detach())
    return torch.cat(parts)
