"""The old gradient is still there.

Fails: a gradient from before the call does not count
May fail: keeps the dtype, gives the same when it is called again, and leaves the program as it was
Says: what w.grad held before the call is still in it
"""


def accumulate_grad(loss, w, batches):
    """Leaves in w.grad the gradient of the mean loss over all samples, batch by batch.

    loss: loss(w, X, y) gives the losses (size,) of a batch. w: a leaf tensor that requires a gradient; its values stay as they are.
    batches: any iterable of (X, y), also a generator, walked through once; the batches differ in size.
    """
    count = 0
    for X, y in batches:
        losses = loss(w, X, y)
        losses.sum().backward()
        count += len(losses)
    w.grad /= count
