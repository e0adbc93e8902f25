"""Divides by zero at step 0.

Fails: at step 0 the rate is 0
"""


def warmup_lr(step, num_hiddens, warmup_steps, factor=1.0):
    return factor * num_hiddens**-0.5 * min(step**-0.5, step * warmup_steps**-1.5)
