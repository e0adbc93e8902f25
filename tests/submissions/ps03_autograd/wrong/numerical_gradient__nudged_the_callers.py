"""Nudges the caller's own tensor, and rounding stays behind.

Fails: leaves x and x.grad as they were, and gives plain numbers without a graph
May fail: gives the same when it is called again, and leaves the program as it was
May fail: is the central difference, one entry at a time
May fail: takes an x of any shape, and an f that returns a number or a tensor with one element
Says: the values of x were changed
"""


def numerical_gradient(f, x, eps=1e-4):
    slopes = torch.zeros_like(x)
    flat, out = x.detach().reshape(-1), slopes.view(-1) if slopes.is_contiguous() else torch.zeros(x.numel(), dtype=x.dtype)
    for j in range(x.numel()):
        before = flat[j].clone()
        flat[j] = before + eps
        up = float(f(flat.clone().reshape(x.shape)))
        flat[j] = before - eps
        down = float(f(flat.clone().reshape(x.shape)))
        out[j] = (up - down) / (2 * eps)
    return out.reshape(x.shape).detach()
