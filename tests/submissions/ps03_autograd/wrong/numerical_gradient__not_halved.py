"""Divides by eps, not by 2 eps.

Fails: *
Says: it is divided by ε where the two points are 2ε apart
"""


def numerical_gradient(f, x, eps=1e-4):
    """The gradient of f at x, by central differences.

    f: takes a tensor of the shape of x, returns one number or a one-element tensor. x: float, any shape, left unchanged. eps: the step.
    Returns: shape, dtype and device of x; every entry is (f(x + eps e) - f(x - eps e)) / (2 eps). No graph.
    """
    x = x.detach()
    slopes = torch.empty(x.numel(), dtype=x.dtype, device=x.device)
    for j in range(x.numel()):
        step = torch.zeros_like(slopes)
        step[j] = eps
        step = step.reshape(x.shape)
        slopes[j] = (float(f(x + step)) - float(f(x - step))) / eps
    return slopes.reshape(x.shape)
