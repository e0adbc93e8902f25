"""With torch."""


def warmup_lr(step, num_hiddens, warmup_steps, factor=1.0):
    step = torch.tensor(float(step), dtype=torch.float64)
    return (factor * num_hiddens**-0.5 * torch.minimum(step**-0.5, step * warmup_steps**-1.5)).item()
