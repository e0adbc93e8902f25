"""Works on a detached copy of w.

Fails: *
Says: was a copy of w worked on
"""


def accumulate_grad(loss, w, batches):
    w = w.detach().requires_grad_()
    count = 0
    for X, y in batches:
        loss(w, X, y).sum().backward()
        count += len(y)
    w.grad /= count
