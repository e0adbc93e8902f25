"""Counts step 0 as 1 in the fall."""


def warmup_lr(step, num_hiddens, warmup_steps, factor=1.0):
    return factor * num_hiddens ** (-0.5) * min(max(step, 1) ** (-0.5), step * warmup_steps ** (-1.5))
