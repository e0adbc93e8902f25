"""The steps are rows of a scaled unit matrix."""


def numerical_gradient(f, x, eps=1e-4):
    z = x.detach()
    steps = eps * torch.eye(z.numel(), dtype=z.dtype, device=z.device)
    slopes = []
    for step in steps:
        step = step.reshape(z.shape)
        slopes.append((float(f(z + step)) - float(f(z - step))) / (2.0 * eps))
    return torch.tensor(slopes, dtype=z.dtype, device=z.device).reshape(z.shape)
