"""The result in float32.

Fails: keeps the dtype, and takes an x in any memory order
May fail: has a step of 1e-4 unless told otherwise
Says: dtype float32
"""


def numerical_gradient(f, x, eps=1e-4):
    """The gradient of f at x, by central differences.

    f: takes a tensor of the shape of x, returns one number or a one-element tensor. x: float, any shape, left unchanged. eps: the step.
    Returns: shape, dtype and device of x; every entry is (f(x + eps e) - f(x - eps e)) / (2 eps). No graph.
    """
    x = x.detach()
    slopes = torch.empty(x.numel())
    for j in range(x.numel()):
        step = torch.zeros(x.numel(), dtype=x.dtype)
        step[j] = eps
        step = step.reshape(x.shape)
        slopes[j] = (float(f(x + step)) - float(f(x - step))) / (2 * eps)
    return slopes.reshape(x.shape)
