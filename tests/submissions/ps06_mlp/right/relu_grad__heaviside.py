"""The step function."""

def relu_grad(x):
    return torch.heaviside(x, torch.zeros(1, dtype=x.dtype, device=x.device))
