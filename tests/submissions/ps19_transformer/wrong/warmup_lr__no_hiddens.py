"""num_hiddens is left out.

Fails: equals the formula, on both sides of the peak
Says: num_hiddens is left out
"""


def warmup_lr(step, num_hiddens, warmup_steps, factor=1.0):
    if step == 0:
        return 0.0
    return factor * min(step**-0.5, step * warmup_steps**-1.5)
