"""Computes without a graph.

Fails: gradients are right
Fails: the gradient is 1 / (2 sqrt(a)), for small and large entries as well
Says: carries no graph
"""


@torch.no_grad()
def heron_sqrt(a):
    """Square roots of all entries by Heron's rule, with a graph.

    a: float tensor of any shape, entries from 1e-12 to 1e12 in float64, from 1e-8 to 1e8 in float32. Left unchanged.
    Returns: shape, dtype and device of a; the gradient 1 / (2 sqrt(a)) flows through.
    """
    tolerance = 4 * torch.finfo(a.dtype).eps
    x = (a + 1) / 2
    while True:
        before, x = x, (x + a / x) / 2
        if ((x - before).abs() <= tolerance * x).all():
            return x
