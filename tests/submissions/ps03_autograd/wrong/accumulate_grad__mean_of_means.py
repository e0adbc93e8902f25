"""The mean of the batch means.

Fails: w.grad is the gradient of the mean over all samples, whatever the sizes of the batches
Says: the mean of the batch means is taken
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
        losses.mean().backward()
        count += 1
    w.grad /= count
