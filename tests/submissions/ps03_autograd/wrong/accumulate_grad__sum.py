"""Does not divide.

Fails: w.grad is the gradient of the mean over all samples, whatever the sizes of the batches
Fails: a gradient from before the call does not count
Fails: walks through the batches once: they may come from a generator
Fails: w keeps its values, and stays a leaf that requires a gradient; w.grad has no graph
Fails: keeps the dtype, gives the same when it is called again, and leaves the program as it was
Says: the sum over all samples is taken, not the mean
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
