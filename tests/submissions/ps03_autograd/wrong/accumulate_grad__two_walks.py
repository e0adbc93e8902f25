"""Counts the samples in a walk of its own.

Fails: walks through the batches once: they may come from a generator
Says: 
"""


def accumulate_grad(loss, w, batches):
    w.grad = None
    n = sum(len(y) for X, y in batches)
    for X, y in batches:
        (loss(w, X, y).sum() / n).backward()
