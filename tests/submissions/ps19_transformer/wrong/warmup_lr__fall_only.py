"""It never rises.

Fails: equals the formula, on both sides of the peak
Says: there is only the fall
"""


def warmup_lr(step, num_hiddens, warmup_steps, factor=1.0):
    if step == 0:
        return 0.0
    return factor * num_hiddens**-0.5 * step**-0.5
