"""Two branches."""


def warmup_lr(step, num_hiddens, warmup_steps, factor=1.0):
    if step == 0:
        return 0.0
    rate = factor / math.sqrt(num_hiddens)
    if step <= warmup_steps:
        return rate * step / warmup_steps**1.5
    return rate / math.sqrt(step)
