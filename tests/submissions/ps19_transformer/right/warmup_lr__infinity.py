"""At step 0 the fall is infinite."""


def warmup_lr(step, num_hiddens, warmup_steps, factor=1.0):
    fall = step**-0.5 if step else math.inf
    return float(factor * min(fall, step / warmup_steps**1.5) / num_hiddens**0.5)
