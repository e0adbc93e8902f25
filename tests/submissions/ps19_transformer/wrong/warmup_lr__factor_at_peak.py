"""The factor counts at the peak only.

Fails: equals the formula, on both sides of the peak
Says: the factor counts at the peak only
"""


def warmup_lr(step, num_hiddens, warmup_steps, factor=1.0):
    if step == 0:
        return 0.0
    return (factor if step == warmup_steps else 1.0) * num_hiddens**-0.5 * min(step**-0.5, step * warmup_steps**-1.5)
