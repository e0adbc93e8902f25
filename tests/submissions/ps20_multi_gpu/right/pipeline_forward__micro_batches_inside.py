"""In each tick the loop runs over the micro-batches, the oldest first."""


def pipeline_forward(stages, X, micro_batches):
    sizes = [len(X) // micro_batches + (i < len(X) % micro_batches) for i in range(micro_batches)]
    parts = list(X.split(sizes))
    for tick in range(micro_batches + len(stages) - 1):
        for m in range(micro_batches):
            s = tick - m
            if s >= 0 and s < len(stages):
                parts[m] = stages[s](parts[m])
    return torch.cat(parts)
