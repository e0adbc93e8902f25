"""The sign, without its negative side."""

def relu_grad(x):
    return torch.sign(x).clamp(min=0)
