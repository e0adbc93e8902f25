"""Has a step of its own.

Fails: is the central difference, one entry at a time
Fails: takes an x of any shape, and an f that returns a number or a tensor with one element
Fails: keeps the dtype, and takes an x in any memory order
Fails: leaves x and x.grad as they were, and gives plain numbers without a graph
Fails: gives the same when it is called again, and leaves the program as it was
Fails: has a step of 1e-4 unless told otherwise
May fail: hands f a new tensor each time: f may return a part of it
Says: the step is another than eps
"""


def numerical_gradient(f, x, eps=1e-4):
    """The gradient of f at x, by central differences.

    f: takes a tensor of the shape of x, returns one number or a one-element tensor. x: float, any shape, left unchanged. eps: the step.
    Returns: shape, dtype and device of x; every entry is (f(x + eps e) - f(x - eps e)) / (2 eps). No graph.
    """
    x = x.detach()
    eps = 1e-3
    slopes = torch.empty(x.numel(), dtype=x.dtype, device=x.device)
    for j in range(x.numel()):
        step = torch.zeros_like(slopes)
        step[j] = eps
        step = step.reshape(x.shape)
        slopes[j] = (float(f(x + step)) - float(f(x - step))) / (2 * eps)
    return slopes.reshape(x.shape)
