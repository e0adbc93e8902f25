"""factor is 2 by default.

Fails: factor is 1 if it is not given
"""


def warmup_lr(step, num_hiddens, warmup_steps, factor=2.0):
    if step == 0:
        return 0.0
    return factor * num_hiddens**-0.5 * min(step**-0.5, step * warmup_steps**-1.5)
