"""Zeroes a gradient that is there, and divides in place at the end."""


def accumulate_grad(loss, w, batches):
    if w.grad is not None:
        w.grad.zero_()
    total = 0
    for X, y in batches:
        loss(w, X, y).sum().backward()
        total += X.shape[0]
    w.grad.div_(total)
    return w.grad
