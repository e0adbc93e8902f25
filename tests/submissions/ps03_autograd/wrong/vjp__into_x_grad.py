"""backward() on the caller's x.

Fails: leaves x and x.grad as they were, and gives plain numbers without a graph
May fail: gives the same when it is called again, and leaves the program as it was
"""


def vjp(f, x, v):
    x.requires_grad_()
    y = f(x)
    if not y.requires_grad:
        return torch.zeros_like(x)
    y.backward(v)
    return torch.zeros_like(x) if x.grad is None else x.grad
