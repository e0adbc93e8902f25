"""Stops when any entry is done.

Fails: is right to 1e-12 in float64 for entries from 1e-12 to 1e12, side by side
May fail: gives the roots of all entries, whatever the shape
May fail: is right to 1e-6 in float32 for entries from 1e-8 to 1e8
May fail: the gradient is 1 / (2 sqrt(a)), for small and large entries as well
May fail: gradients are right
May fail: treats all entries at once
May fail: keeps the dtype, and takes numbers in any memory order
May fail: gives the same when it is called again, and leaves the program as it was
May fail: leaves its inputs unchanged
"""


def heron_sqrt(a):
    """Square roots of all entries by Heron's rule, with a graph.

    a: float tensor of any shape, entries from 1e-12 to 1e12 in float64, from 1e-8 to 1e8 in float32. Left unchanged.
    Returns: shape, dtype and device of a; the gradient 1 / (2 sqrt(a)) flows through.
    """
    tolerance = 4 * torch.finfo(a.dtype).eps
    x = (a + 1) / 2
    while True:
        before, x = x, (x + a / x) / 2
        if ((x - before).abs() <= tolerance * x).any():
            return x
