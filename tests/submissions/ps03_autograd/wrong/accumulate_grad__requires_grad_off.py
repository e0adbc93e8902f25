"""Leaves w without requires_grad.

Fails: w keeps its values, and stays a leaf that requires a gradient; w.grad has no graph
Says: no leaf that requires a gradient
"""


def accumulate_grad(loss, w, batches):
    """Leaves in w.grad the gradient of the mean loss over all samples, batch by batch.

    loss: loss(w, X, y) gives the losses (size,) of a batch. w: a leaf tensor that requires a gradient; its values stay as they are.
    batches: any iterable of (X, y), also a generator, walked through once; the batches differ in size.
    """
    w.grad = None
    count = 0
    for X, y in batches:
        losses = loss(w, X, y)
        losses.sum().backward()
        count += len(losses)
    w.grad /= count
    w.requires_grad_(False)
