"""The number of stages of the first call.

Fails: equals the plain forward pass
Fails: every stage sees every micro-batch once
Fails: goes tick by tick: in tick t stage s works on micro-batch t − s
"""

_S = []
def pipeline_forward(stages, X, micro_batches):
    _S.append(len(stages))
    parts = list(torch.tensor_split(X, micro_batches))
    for tick in range(len(parts) + _S[0] - 1):
        for s, stage in enumerate(stages):
            m = tick - s
            if 0 <= m < len(parts):
                parts[m] = stage(parts[m])
    return torch.cat(parts)
