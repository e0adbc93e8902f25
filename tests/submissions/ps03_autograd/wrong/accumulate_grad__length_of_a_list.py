"""Asks the batches for their length.

Fails: walks through the batches once: they may come from a generator
"""


def accumulate_grad(loss, w, batches):
    w.grad = None
    n = 0
    for i in range(len(batches)):
        X, y = batches[i]
        loss(w, X, y).sum().backward()
        n += len(y)
    w.grad /= n
